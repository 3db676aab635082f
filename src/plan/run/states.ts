import { liveStates } from '../../ir/rewrite.ts'
import type { ParameterPlan, StepPlan } from '../plan.ts'
import type { Groups } from './axes.ts'
import type { HostTable } from './host.ts'
import type { Numbers } from './lanes.ts'

/**
 * The value of each state that the parameter needs, in order: one number, or one per output, input or element in their order; of
 * other matrices row after row.
 */
export type StateValues = readonly (number | Float64Array)[]

/** The states of the only run of a program. */
export interface StateAccess {
  /** The indices in the program of the states that the parameter needs, in order. */
  readonly indices: () => readonly number[]
  readonly states: () => StateValues
  /** Puts the states to values that `states` has given. */
  readonly restore: (states: StateValues) => void
}

/** How the states of the only run are read and written: numbers of the run with those of the parameter, in their order. */
export function statesOf(
  plan: StepPlan,
  parameter: ParameterPlan,
  kept: ReadonlyMap<number, Numbers>,
  host: HostTable,
  groupsOfState: (index: number) => Groups | undefined,
): StateAccess {
  const findIndices = (): readonly number[] => {
    const live = new Set(liveStates(parameter.program))
    const ofRun = plan.runStates.filter(({ index }) => live.has(index))
    return [...ofRun, ...parameter.states].map(({ index }) => index).sort((a, b) => a - b)
  }
  let found: readonly number[] | undefined
  const indices = (): readonly number[] => (found ??= findIndices())
  return {
    indices,
    states: () =>
      indices().map((index) => {
        const values = kept.get(index)
        if (values === undefined) return host.current(index)
        const groups = groupsOfState(index)
        // A parameter without elements keeps no lanes.
        if (groups === undefined) return values[0] ?? 0
        return Float64Array.from({ length: groups.count }, (_, at) => values[at * groups.between]!)
      }),
    restore: (states) => {
      for (const [at, index] of indices().entries()) {
        const value = states[at]!
        const values = kept.get(index)
        if (typeof value !== 'number') spreadOut(value, groupsOfState(index)!, values!)
        else if (values !== undefined) values.fill(value)
        else host.set(index, value)
      }
    },
  }
}

/** Puts each number to all elements of its group. */
function spreadOut(numbers: ArrayLike<number>, groups: Groups, values: Numbers): void {
  const { count, size, between, within } = groups
  for (let group = 0; group < count; group++)
    for (let index = 0; index < size; index++)
      values[group * between + index * within] = numbers[group]!
}

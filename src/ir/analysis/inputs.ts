import { interval } from '../../operators/interval.ts'
import { minimumOperator } from '../../operators/table.ts'
import type { ParameterNode, ScheduleFunction } from '../graph.ts'
import { holds } from '../schedule.ts'
import { aboutSteps, describe, formOf, sameRelation } from './relation.ts'
import { createValue, type Value } from './value.ts'

/** What values rest on. */
export interface Inputs {
  /** Whether `t < T` is assumed: what is found may then not be so behind the end of the run. */
  readonly assumesEnd: boolean
  /** Whether `t < T` is made true, as in a decay that holds its value. */
  readonly isHeld: boolean
  readonly step: Value
  readonly parameter: (node: ParameterNode) => Value
}

/** The value of `t` on a step of the run. */
export const STEP: Value = createValue(interval(0, Infinity, { highOpen: true }), {
  relation: formOf('t'),
})

/** A text that values which are the same to a function that is called with them, and only those, share. */
export function keyOf({ interval: range, relation, interior, beforeEnd, guessed }: Value): string {
  const { low, high, lowOpen, highOpen, nan } = range
  const flags =
    (lowOpen ? 1 : 0) |
    (highOpen ? 2 : 0) |
    (nan ? 4 : 0) |
    (interior ? 8 : 0) |
    (beforeEnd ? 16 : 0) |
    (guessed ? 32 : 0)
  return `${low} ${high} ${flags} ${describe(aboutSteps(relation))}`
}

/** What the body of a schedule rests on when it is called with the given values of its step and its parameters. */
export function inputsOfCall(
  callee: ScheduleFunction,
  [step, ...given]: readonly Value[],
  { assumesEnd, isHeld }: Inputs,
): Inputs {
  const byName = new Map(callee.parameters.map(({ name }, index) => [name, given[index]!]))
  const isHeldHere = holds(callee)
  return {
    assumesEnd,
    isHeld: isHeld || isHeldHere,
    step: isHeldHere ? heldStep(step!) : { ...step!, relation: aboutSteps(step!.relation) },
    parameter: (node) => {
      const value = byName.get(node.name) ?? createValue(node.declared)
      return { ...value, relation: aboutSteps(value.relation) ?? formOf(node) }
    },
  }
}

/** The step a decay that holds has its value for: it is before the end, whatever it is called with. */
function heldStep(step: Value): Value {
  if (sameRelation(step.relation, STEP.relation)) return step
  const range = minimumOperator.interval(step.interval, STEP.interval)
  const isStep = range.low >= 0 && !range.nan
  return { ...step, interval: range, relation: isStep ? STEP.relation : undefined }
}

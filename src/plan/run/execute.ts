import { operands, reachable } from '../../ir/build.ts'
import type { ApplyNode, GraphNode } from '../../ir/graph.ts'
import { liveStates } from '../../ir/rewrite.ts'
import type { Operator, RandomOperator } from '../../operators/operator.ts'
import { drawKey } from '../../operators/random.ts'
import { layouts } from '../../operators/layout.ts'
import { productOperator } from '../../operators/table.ts'
import { isHost } from '../../operators/type.ts'
import { leafFor } from '../choice.ts'
import type { ParameterPlan, StepPlan } from '../plan.ts'
import { groupsOf, groupsOver, type Groups } from './axes.ts'
import { createHostTable, type HostPlace, type HostTable, type KnownSteps } from './host.ts'
import {
  createDraws,
  elementwise,
  fill,
  reduction,
  type DrawnSteps,
  type Instruction,
  type Numbers,
  type Source,
} from './lanes.ts'
import type { Runs } from './runs.ts'
import { laneLoop, loopForConstant, type LoopArgument } from './lane-loop.ts'

/** The value of each state that the parameter needs, in order: one number, or one per output, input or element in their order. */
export type StateValues = readonly (number | Float64Array)[]

/** A program on the elements of all runs. */
export interface Execution {
  /** States as before the first step from these weights, one per element of the parameter. */
  readonly begin: (start: ArrayLike<number>) => void
  /**
   * What step `t` subtracts from `weights`, one number per lane; overwritten by the next step. Only the lanes of the runs from
   * `firstRun` to before `endRun` are read and written.
   */
  readonly step: (
    gradient: ArrayLike<number>,
    weights: ArrayLike<number>,
    t: number,
    firstRun: number,
    endRun: number,
  ) => Numbers
  /** The indices in the program of the states that the parameter needs, in order. */
  readonly indices: () => readonly number[]
  /** The states of the only run. */
  readonly states: () => StateValues
  /** Puts the states of the only run to values that `states` has given. */
  readonly restore: (states: StateValues) => void
}

/** Makes executions of planned programs. Those of one executor use the same memory: only the one made last may be run. */
export type Executor = (plan: StepPlan) => Execution

/** An executor for parameters of one shape. */
export function createExecutor(runs: Runs): Executor {
  const { shape, seed = 0, parameterIndex = 0, precision = 32, steps } = runs
  const { layout = layouts[0], isHidden } = runs
  const size = shape.reduce((product, length) => product * length, 1)
  const count = size * runs.hyperparameters.length
  const registers: Numbers[] = []
  const draws = new Map<string, DrawnSteps>()
  const knownSteps: KnownSteps = new WeakMap()

  const drawn = (operator: RandomOperator, site: number): DrawnSteps => {
    const place = `${operator.name} ${site}`
    const known = draws.get(place)
    if (known !== undefined) return known
    const key = drawKey(seed, operator.name, site, parameterIndex)
    const made = createDraws(operator, key, size, steps !== undefined)
    draws.set(place, made)
    return made
  }

  return (plan) => {
    const { placementOf, stateOf } = plan.types
    const parameter = leafFor(plan.parameter, shape, layout, { isHidden })
    const host = createHostTable(plan, runs, knownSteps)
    const sources = new Map<GraphNode, Source>()
    const instructions: Instruction[] = []
    let used = 0
    const register = (): Numbers => {
      const found = (registers[used] ??=
        precision === 32 ? new Float32Array(count) : new Float64Array(count))
      used += 1
      return found
    }
    const isNumber = (node: GraphNode): boolean => isHost(placementOf(node))

    const gradient = register()
    const weights = register()
    let update = register()
    const kept = new Map(parameter.states.map(({ index }) => [index, register()]))

    /** Where a number of the host is read: a register that is filled on every step where runs differ. */
    const hostSource = (node: GraphNode): Source => {
      const place = host.add(node)
      if (!place.perRun) return { kind: 'number', slot: place.slot }
      const values = register()
      instructions.push((base, _, first, end) => spread(values, place, base, first, end))
      return { kind: 'lanes', values }
    }
    const spread = (
      values: Numbers,
      { slot, perRun }: HostPlace,
      base: number,
      first: number,
      end: number,
    ): void => {
      const table = host.values()
      for (let start = first; start < end; start += size)
        fill(values, table[base + slot + (perRun ? start / size : 0)]!, start, start + size)
    }
    const sourceOf = (node: GraphNode): Source => {
      const known = sources.get(node)
      if (known !== undefined) return known
      const made = makeSource(node)
      sources.set(node, made)
      return made
    }
    const makeSource = (node: GraphNode): Source => {
      if (isNumber(node)) return hostSource(node)
      if (node.kind === 'input')
        return { kind: 'lanes', values: node.name === 'g' ? gradient : weights }
      if (node.kind === 'state') return { kind: 'lanes', values: kept.get(node.index)! }
      throw new Error('operators are carried out before they are read')
    }

    /** The arguments of a loop in the order of a walk; `found` gets where they are read. */
    const describe = (node: ApplyNode, found: Source[]): LoopArgument[] =>
      node.arguments.map((argument) => {
        if (argument.kind === 'apply' && inlined.has(argument)) {
          const { operator } = argument
          if (operator.kind === 'elementwise')
            return { operator, arguments: describe(argument, found) }
        }
        const source = sourceOf(argument)
        found.push(source)
        return source.kind
      })
    const carryOut = (node: ApplyNode, target?: Numbers): void => {
      const { operator, site } = node
      const found: Source[] = []
      const arguments_ = describe(node, found)
      const result = target ?? register()
      sources.set(node, { kind: 'lanes', values: result })
      switch (operator.kind) {
        case 'reduction':
          instructions.push(
            reduction(
              operator,
              found,
              result,
              size,
              groupsOver(operator.over, shape, layout),
              precision,
              host.values,
            ),
          )
          return
        case 'random': {
          const values = register()
          const drawnSteps = drawn(operator, site)
          const loop = laneLoop(operator, ['lanes', ...arguments_], precision)
          instructions.push(
            (_base, t, first, end) => drawnSteps(values, t, first, end),
            elementwise(loop, [{ kind: 'lanes', values }, ...found], result, host.values),
          )
          return
        }
        case 'elementwise': {
          const [, second] = node.arguments
          const special =
            second?.kind === 'constant' && arguments_[0] === 'lanes' && precision === 32
              ? loopForConstant(operator, second.value)
              : undefined
          instructions.push(
            special === undefined
              ? elementwise(laneLoop(operator, arguments_, precision), found, result, host.values)
              : elementwise(special, found.slice(0, 1), result, host.values),
          )
          return
        }
        case 'shape':
          throw new Error('facts about shapes are numbers of the host')
      }
    }
    /** Carries out what has not been; `target` is where the value of the root is put, if that is still to be done. */
    const compute = (root: GraphNode, target?: Numbers): void => {
      if (sources.has(root) || isNumber(root)) return
      for (const node of reachable([root]))
        if (node.kind === 'apply' && !isNumber(node) && !sources.has(node) && !inlined.has(node))
          carryOut(node, node === root ? target : undefined)
    }
    const copy = (target: Numbers, node: GraphNode): void => {
      const source = sourceOf(node)
      instructions.push((base, _, first, end) => {
        if (source.kind === 'number') fill(target, host.values()[base + source.slot]!, first, end)
        else for (let lane = first; lane < end; lane++) target[lane] = source.values[lane]!
      })
    }

    const inlined = insideSums(parameter, isNumber)
    for (const { initial } of plan.runStates) host.add(initial)
    for (const { index } of plan.runStates) host.add({ kind: 'state', id: 0, index })
    for (const statement of parameter.statements) {
      const { node } = statement
      // Nothing reads the old value of a state from here on, and lanes are read before they are written.
      const target = statement.kind === 'assign' ? kept.get(statement.state)! : undefined
      compute(node, target)
      switch (statement.kind) {
        case 'let':
          // The old value of a state that is overwritten before this is read.
          if (node.kind === 'state') {
            const values = register()
            copy(values, node)
            sources.set(node, { kind: 'lanes', values })
          }
          break
        case 'assign': {
          const source = sources.get(node)
          if (source?.kind !== 'lanes' || source.values !== target) copy(target!, node)
          break
        }
        case 'update': {
          const source = sourceOf(node)
          // What an operator has put out is not written again; a state is.
          if (node.kind === 'apply' && source.kind === 'lanes') update = source.values
          else copy(update, node)
        }
      }
    }
    const initials = parameter.states.map(({ index, initial }) => ({
      values: kept.get(index)!,
      // What is no number of the host is `w`.
      place: isNumber(initial) ? host.add(initial) : undefined,
    }))

    return {
      begin: (start) => {
        const base = host.begin()
        for (const { values, place } of initials) {
          if (place !== undefined) spread(values, place, base, 0, count)
          else for (let lane = 0; lane < count; lane++) values[lane] = start[lane % size]!
        }
      },
      step: (givenGradient, givenWeights, t, firstRun, endRun) => {
        const first = firstRun * size
        const end = endRun * size
        for (let lane = first; lane < end; lane++) {
          gradient[lane] = givenGradient[lane]!
          weights[lane] = givenWeights[lane]!
        }
        const base = host.prepare(t)
        for (let at = 0; at < instructions.length; at++) instructions[at]!(base, t, first, end)
        return update
      },
      ...statesOf(plan, parameter, kept, host, (index) => {
        const { extent } = stateOf(index)
        return extent === 'parameter' ? undefined : groupsOf(extent, shape, layout)
      }),
    }
  }
}

/** How the states of the only run are read and written: numbers of the run with those of the parameter, in their order. */
function statesOf(
  plan: StepPlan,
  parameter: ParameterPlan,
  kept: ReadonlyMap<number, Numbers>,
  host: HostTable,
  groupsOfState: (index: number) => Groups | undefined,
): Pick<Execution, 'indices' | 'states' | 'restore'> {
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
        if (groups === undefined) return values[0]!
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

const isSum = ({ role }: Operator): boolean => role === 'addition' || role === 'subtraction'

/** Products that only a sum or difference reads: its loop works them out on the way. Averages are made of them. */
function insideSums(
  { statements }: ParameterPlan,
  isNumber: (node: GraphNode) => boolean,
): ReadonlySet<GraphNode> {
  const roots = statements.map(({ node }) => node)
  const inside = new Set<GraphNode>()
  const read = new Set<GraphNode>(roots)
  for (const node of reachable(roots)) {
    if (isNumber(node)) continue
    for (const argument of operands(node)) {
      const isProduct = argument.kind === 'apply' && argument.operator === productOperator
      if (!isProduct || isNumber(argument)) continue
      const isInSum = node.kind === 'apply' && isSum(node.operator) && node.arguments.length === 2
      if (isInSum && !read.has(argument)) inside.add(argument)
      else inside.delete(argument)
      read.add(argument)
    }
  }
  return inside
}

import { dropoutKey, uniformAt } from '../operators/random.ts'
import type { Operator } from '../operators/operator.ts'
import { productOperator } from '../operators/table.ts'
import type { ApplyNode, GraphNode, ProgramState } from './graph.ts'
import { isHostNumber } from './host-number.ts'
import { hostColumns, type Column, type HostProgram, type Runs } from './host-columns.ts'
import { elementwise, load, reduction, type Instruction, type Source } from './lane-instruction.ts'
import { laneLoop, loopForConstant, type LoopArgument } from './lane-loop.ts'

/** A program for one parameter shape, as far as it is needed to run: no `if`s are left. States are told apart by `index`. */
export interface LaneProgram extends HostProgram {
  readonly update: GraphNode
  readonly states: readonly (Pick<ProgramState, 'stage' | 'initial' | 'next'> & {
    readonly index: number
  })[]
  /** What is known of numbers of the host in the graph of this program: filled by runs, for programs of the same graph. */
  readonly columns?: Map<GraphNode, Column>
}

/** A program on all elements of all runs side by side: lane `run * size + element`. */
export interface Lanes {
  /** States as before the first step from these weights, one per element of the parameter. */
  readonly begin: (start: ArrayLike<number>) => void
  /**
   * What step `step` subtracts from `weights`, one number per lane; overwritten by the next step. Only the lanes of the runs
   * from `firstRun` to before `endRun` are read and written.
   */
  readonly step: (
    gradient: Float64Array,
    weights: Float64Array,
    step: number,
    firstRun: number,
    endRun: number,
  ) => Float32Array
}

/** Makes lanes of programs; what programs share is kept. */
export type LaneMaker = (program: LaneProgram) => Lanes

/**
 * Runs programs as `instantiate` does in 32 bits, to the bit, several runs at a time: numbers of the host are worked out
 * once, and one loop per operator goes over the elements of all runs. Lanes of one maker use the same memory: only those
 * made last may be run. The random numbers are those of seed 0 and parameter 0.
 */
export function createLaneMaker(runs: Runs): LaneMaker {
  const size = runs.shape.reduce((product, length) => product * length, 1)
  const count = size * runs.hyperparameters.length
  const { steps } = runs
  const registers: Float32Array[] = []
  const draws = new Map<number, Source>()

  const hostSource = (column: Column): Source =>
    column.perRun
      ? { isNumber: false, values: (column.lanes ??= perLane(column)), perStep: count }
      : { isNumber: true, values: column.values }

  const perLane = ({ values }: Column): Float32Array => {
    const lanes = new Float32Array(steps * count)
    for (let step = 0, place = 0; step < steps; step++)
      for (let lane = 0; lane < count; lane++, place++)
        lanes[place] = values[Math.floor(lane / size) * steps + step]!
    return lanes
  }

  const drawSource = (site: number): Source => {
    const found = draws.get(site)
    if (found !== undefined) return found
    const key = dropoutKey(0, site, 0)
    const values = new Float32Array(steps * count)
    for (let step = 0; step < steps; step++)
      for (let element = 0; element < size; element++) {
        const draw = uniformAt(key, step, element)
        for (let lane = element; lane < count; lane += size) values[step * count + lane] = draw
      }
    const made: Source = { isNumber: false, values, perStep: count }
    draws.set(site, made)
    return made
  }

  const lanesOf = (values: Float32Array): Source => ({ isNumber: false, values, perStep: 0 })

  return (program) => {
    const columns = hostColumns(runs, program, program.columns ?? new Map())
    const places = new Map<GraphNode, Source>()
    const instructions: Instruction[] = []
    let used = 0
    const register = (): Float32Array => {
      const found = (registers[used] ??= new Float32Array(count))
      used += 1
      return found
    }
    const sourceOf = (node: GraphNode): Source => {
      const found = places.get(node)
      if (found !== undefined) return found
      const made: Source = isHostNumber(node) ? hostSource(columns(node)) : lanesOf(register())
      places.set(node, made)
      return made
    }

    const gradient = register()
    const weights = register()
    const output = register()
    const states = program.states.filter(({ stage }) => stage !== 'schedule')
    const kept = states.map(() => register())
    const stateRegisters = new Map(states.map(({ index }, at) => [index, kept[at]!]))
    const roots = [program.update, ...states.map(({ next }) => next)]
    const nodes = inOrder(roots)
    const inlined = insideOthers(nodes, roots)
    for (const node of nodes) {
      if (node.kind === 'input') places.set(node, lanesOf(node.name === 'g' ? gradient : weights))
      else if (node.kind === 'state') places.set(node, lanesOf(stateRegisters.get(node.index)!))
      else if (node.kind === 'apply' && !inlined.has(node)) instructions.push(instruction(node))
    }

    /** The arguments of a loop in the order of a walk; `found` gets where they are read. */
    function describe(node: ApplyNode, found: Source[]): LoopArgument[] {
      return node.arguments.map((argument) => {
        if (argument.kind === 'apply' && inlined.has(argument)) {
          const { operator } = argument
          if (operator.kind === 'elementwise')
            return { operator, arguments: describe(argument, found) }
        }
        const source = sourceOf(argument)
        found.push(source)
        return source.isNumber ? 'number' : 'lanes'
      })
    }

    function instruction(node: ApplyNode): Instruction {
      const { operator, site } = node
      const sources: Source[] = []
      const arguments_ = describe(node, sources)
      const result = register()
      places.set(node, lanesOf(result))
      switch (operator.kind) {
        case 'reduction':
          return reduction(operator, sources, result, size)
        case 'random':
          return elementwise(
            laneLoop(operator, ['lanes', ...arguments_]),
            [drawSource(site), ...sources],
            result,
          )
        case 'elementwise': {
          const [, second] = node.arguments
          const special =
            second?.kind === 'constant' && arguments_[0] === 'lanes'
              ? loopForConstant(operator, second.value)
              : undefined
          return special === undefined
            ? elementwise(laneLoop(operator, arguments_), sources, result)
            : elementwise(special, sources.slice(0, 1), result)
        }
        case 'shape':
          throw new Error('facts about shapes are numbers of the host')
      }
    }

    const updateSource = sourceOf(program.update)
    const computed = updateSource.isNumber ? output : updateSource.values
    const nexts = states.map(({ next }) => sourceOf(next))
    /** Where a state's next value has to wait because another state's register is overwritten before it is read. */
    const scratch = states.map(({ next }) => (next.kind === 'state' ? register() : undefined))
    const keepStates = (step: number, first: number, end: number): void => {
      for (let at = 0; at < kept.length; at++) {
        const waiting = scratch[at]
        if (waiting !== undefined) load(waiting, nexts[at]!, step, first, end)
      }
      for (let at = 0; at < kept.length; at++) {
        const waiting = scratch[at]
        if (waiting === undefined) load(kept[at]!, nexts[at]!, step, first, end)
        else kept[at]!.set(waiting)
      }
    }
    const isComputed = program.update.kind === 'apply' && !isHostNumber(program.update)

    return {
      begin: (start) => {
        states.forEach(({ initial }, at) => {
          if (isHostNumber(initial)) load(kept[at]!, hostSource(columns(initial)), 0, 0, count)
          // What is no number of the host is `w`.
          else for (let lane = 0; lane < count; lane++) kept[at]![lane] = start[lane % size]!
        })
      },
      step: (givenGradient, givenWeights, step, firstRun, endRun) => {
        const first = firstRun * size
        const end = endRun * size
        for (let lane = first; lane < end; lane++) {
          gradient[lane] = givenGradient[lane]!
          weights[lane] = givenWeights[lane]!
        }
        for (let at = 0; at < instructions.length; at++) instructions[at]!(step, first, end)
        if (!isComputed) load(output, updateSource, step, first, end)
        keepStates(step, first, end)
        return isComputed ? computed : output
      },
    }
  }
}

/** What is computed in lanes, operands first. */
function inOrder(roots: readonly GraphNode[]): Set<GraphNode> {
  const done = new Set<GraphNode>()
  const add = (node: GraphNode): void => {
    if (done.has(node) || isHostNumber(node)) return
    if (node.kind === 'apply') for (const argument of node.arguments) add(argument)
    done.add(node)
  }
  roots.forEach(add)
  return done
}

const isSum = ({ fixity }: Operator): boolean => fixity?.symbol === '+' || fixity?.symbol === '-'

/** Products that only a sum or difference reads: its loop works them out on the way. Averages are made of them. */
function insideOthers(
  nodes: ReadonlySet<GraphNode>,
  roots: readonly GraphNode[],
): ReadonlySet<GraphNode> {
  const inside = new Set<GraphNode>()
  const read = new Set<GraphNode>(roots)
  for (const node of nodes) {
    if (node.kind !== 'apply') continue
    for (const argument of node.arguments) {
      const isProduct = argument.kind === 'apply' && argument.operator === productOperator
      if (!isProduct || isHostNumber(argument)) continue
      if (isSum(node.operator) && node.arguments.length === 2 && !read.has(argument))
        inside.add(argument)
      else inside.delete(argument)
      read.add(argument)
    }
  }
  return inside
}

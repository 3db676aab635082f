import { dropoutKey, uniformAt } from '../operators/random.ts'
import type { ReductionOperator } from '../operators/operator.ts'
import { isHostStage } from '../operators/stage.ts'
import type { ApplyNode, GraphNode, ProgramState } from './graph.ts'
import { hostColumns, type Column, type HostProgram, type Runs } from './host-columns.ts'
import { laneLoop, loopForConstant, type LaneLoop, type Source } from './lane-loop.ts'

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
  /** What step `step` subtracts from `weights`, one number per lane; overwritten by the next step. */
  readonly step: (
    gradient: ArrayLike<number>,
    weights: ArrayLike<number>,
    step: number,
  ) => Float32Array
}

/** Makes lanes of programs; what programs share is kept. */
export type LaneMaker = (program: LaneProgram) => Lanes

type Instruction = (step: number) => void

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

  /** A number of the host as the loops read it: rounded, and where runs differ, once per lane. */
  const hostSource = (column: Column): Source => (column.source ??= roundedSource(column))
  const roundedSource = ({ values, perRun }: Column): Source =>
    perRun
      ? {
          values: Float32Array.from(
            { length: steps * count },
            (_, place) =>
              values[Math.floor((place % count) / size) * steps + Math.floor(place / count)]!,
          ),
          base: 0,
          perStep: count,
          isNumber: false,
        }
      : { values: Float32Array.from(values), base: 0, perStep: 1, isNumber: true }

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
    const made: Source = { values, base: 0, perStep: count, isNumber: false }
    draws.set(site, made)
    return made
  }

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
      const made: Source = isHost(node)
        ? hostSource(columns(node))
        : { values: register(), base: 0, perStep: 0, isNumber: false }
      places.set(node, made)
      return made
    }

    const gradient = register()
    const weights = register()
    const output = register()
    const states = program.states.filter(({ stage }) => stage !== 'schedule')
    const kept = states.map(() => register())
    const lanesOf = (values: Float32Array): Source => ({
      values,
      base: 0,
      perStep: 0,
      isNumber: false,
    })
    const stateRegisters = new Map(states.map(({ index }, at) => [index, kept[at]!]))
    const roots = [program.update, ...states.map(({ next }) => next)]
    for (const node of inOrder(roots)) {
      if (node.kind === 'input') places.set(node, lanesOf(node.name === 'g' ? gradient : weights))
      else if (node.kind === 'state') places.set(node, lanesOf(stateRegisters.get(node.index)!))
      else if (node.kind === 'apply') instructions.push(instruction(node))
    }

    function instruction(node: ApplyNode): Instruction {
      const { operator, site } = node
      const arguments_ = node.arguments.map(sourceOf)
      const result = sourceOf(node).values
      switch (operator.kind) {
        case 'reduction':
          return reduction(operator, arguments_, result, size)
        case 'random':
          return elementwise(
            laneLoop(operator, [false, ...arguments_.map(({ isNumber }) => isNumber)]),
            [drawSource(site), ...arguments_],
            result,
          )
        case 'elementwise': {
          const [, second] = node.arguments
          const special =
            second?.kind === 'constant' && !arguments_[0]!.isNumber
              ? loopForConstant(operator, second.value)
              : undefined
          if (special !== undefined) return elementwise(special, [arguments_[0]!], result)
          return elementwise(
            laneLoop(
              operator,
              arguments_.map(({ isNumber }) => isNumber),
            ),
            arguments_,
            result,
          )
        }
        case 'shape':
          throw new Error('facts about shapes are numbers of the host')
      }
    }

    const updateSource = sourceOf(program.update)
    const nexts = states.map(({ next }) => sourceOf(next))
    /** Where a state's next value has to wait because another state's register is overwritten before it is read. */
    const scratch = states.map(({ next }) => (next.kind === 'state' ? register() : undefined))
    const keepStates = (step: number): void => {
      scratch.forEach((waiting, at) => waiting && load(waiting, nexts[at]!, step))
      for (let at = 0; at < kept.length; at++) {
        const waiting = scratch[at]
        if (waiting === undefined) load(kept[at]!, nexts[at]!, step)
        else kept[at]!.set(waiting)
      }
    }

    return {
      begin: (start) => {
        states.forEach(({ initial }, at) => {
          if (isHost(initial)) load(kept[at]!, hostSource(columns(initial)), 0)
          // What is no number of the host is `w`.
          else for (let lane = 0; lane < count; lane++) kept[at]![lane] = start[lane % size]!
        })
      },
      step: (givenGradient, givenWeights, step) => {
        gradient.set(givenGradient)
        weights.set(givenWeights)
        for (let at = 0; at < instructions.length; at++) instructions[at]!(step)
        if (!isHost(program.update) && program.update.kind === 'apply') {
          keepStates(step)
          return updateSource.values
        }
        load(output, updateSource, step)
        keepStates(step)
        return output
      },
    }
  }
}

/** Whether the node is one number that no lane has a say in. */
const isHost = (node: GraphNode): boolean => isHostStage(node.stage) || node.stage === 'shape'

/** What is computed in lanes, operands first. */
function inOrder(roots: readonly GraphNode[]): Set<GraphNode> {
  const done = new Set<GraphNode>()
  const add = (node: GraphNode): void => {
    if (done.has(node) || isHost(node)) return
    if (node.kind === 'apply') for (const argument of node.arguments) add(argument)
    done.add(node)
  }
  roots.forEach(add)
  return done
}

function load(target: Float32Array, source: Source, step: number): void {
  const { values, isNumber } = source
  const base = source.base + step * source.perStep
  if (isNumber) target.fill(values[base]!)
  else for (let lane = 0; lane < target.length; lane++) target[lane] = values[base + lane]!
}

function elementwise(
  loop: LaneLoop,
  arguments_: readonly Source[],
  result: Float32Array,
): Instruction {
  const count = result.length
  const [a, b, c, d] = arguments_
  const place = ({ base, perStep }: Source, step: number): number => base + step * perStep
  switch (arguments_.length) {
    case 1:
      return (step) => loop(result, count, a!.values, place(a!, step))
    case 2:
      return (step) => loop(result, count, a!.values, place(a!, step), b!.values, place(b!, step))
    case 3:
      return (step) =>
        loop(
          result,
          count,
          a!.values,
          place(a!, step),
          b!.values,
          place(b!, step),
          c!.values,
          place(c!, step),
        )
    default:
      return (step) =>
        loop(result, count, ...[a!, b!, c!, d!].flatMap((each) => [each.values, place(each, step)]))
  }
}

/** One number per run, written to all its lanes. */
function reduction(
  { meaning }: ReductionOperator,
  arguments_: readonly Source[],
  result: Float32Array,
  size: number,
): Instruction {
  const inputs = arguments_.map(() => new Float64Array(size))
  return (step) => {
    for (let start = 0; start < result.length; start += size) {
      for (let index = 0; index < inputs.length; index++) {
        const { values, base, perStep, isNumber } = arguments_[index]!
        const first = base + step * perStep + (isNumber ? 0 : start)
        const input = inputs[index]!
        for (let element = 0; element < size; element++)
          input[element] = values[isNumber ? first : first + element]!
      }
      result.fill(meaning(...inputs), start, start + size)
    }
  }
}

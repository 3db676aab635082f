import { reachable } from '../../ir/build.ts'
import type { ApplyNode, GraphNode } from '../../ir/graph.ts'
import type { RandomOperator } from '../../operators/operator.ts'
import { drawKey } from '../../operators/random.ts'
import { layouts } from '../../operators/layout.ts'
import { isHost, isOwnMatrix, type Extent } from '../../operators/type.ts'
import { leafFor } from '../choice.ts'
import type { ParameterPlan, StepPlan } from '../plan.ts'
import { tooLongSide } from '../side-limits.ts'
import { eachByItself, groupsOf, groupsOver } from './axes.ts'
import { createHostTable, type HostPlace, type KnownSteps } from './host.ts'
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
import {
  matrixOperation,
  matrixReduction,
  numbersPerRun,
  onLanes,
  spreadNumbers,
  type MatrixRuns,
} from './matrices.ts'
import type { ExecutedTotal, Execution } from './execution.ts'
import { insideSums } from './inside-sums.ts'
import type { Runs } from './runs.ts'
import { statesOf } from './states.ts'
import { laneLoop, loopForConstant, type LoopArgument } from './lane-loop.ts'

/**
 * Makes executions of planned programs. Those of one executor use the same memory: only the one made last may be run. Throws a
 * RangeError for a program that cannot take a side of the parameter as long as it is.
 */
export type Executor = (plan: StepPlan) => Execution

/** An executor for parameters of one shape. */
export function createExecutor(runs: Runs): Executor {
  const { shape, seed = 0, parameterIndex = 0, precision = 32, steps } = runs
  const { layout = layouts[0], isHidden } = runs
  const size = shape.reduce((product, length) => product * length, 1)
  const registers = new Map<number, Numbers[]>()
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
    const tooLong = tooLongSide(plan, shape, layout)
    if (tooLong !== undefined) throw new RangeError(`a parameter ${tooLong}`)
    const leafOf = (choice: StepPlan['parameter']): ParameterPlan =>
      leafFor(choice, shape, layout, { isHidden })
    const parameter = leafOf(plan.parameter)
    const rounds = plan.rounds.map((round) => leafOf(round.parameter))
    const host = createHostTable(plan, runs, knownSteps)
    const sources = new Map<GraphNode, Source>()
    const spreadSources = new Map<GraphNode, Source>()
    const parts: Instruction[][] = []
    let instructions: Instruction[] = []
    const used = new Map<number, number>()
    /** Lanes of which each run has `own`. */
    const register = (own = size): Numbers => {
      const known = registers.get(own) ?? []
      const place = used.get(own) ?? 0
      const count = own * runs.hyperparameters.length
      registers.set(own, known)
      used.set(own, place + 1)
      return (known[place] ??= precision === 32 ? new Float32Array(count) : new Float64Array(count))
    }
    const isNumber = (node: GraphNode): boolean => isHost(placementOf(node))
    const lanesOf = (extent: Extent): number => numbersPerRun(extent, shape, layout)
    const lanesOfState = (index: number): number => lanesOf(stateOf(index).extent)
    const matrixRuns: MatrixRuns = {
      shape,
      layout,
      table: () => host.values(),
      extentOf: (node) => placementOf(node).extent,
      sourceOf: (node) => sourceOf(node),
    }

    const gradient = register()
    const weights = register()
    let update = register()
    // Each parameter works numbers of the run that rest on totals out for itself, from the same totals.
    const late = plan.runStates.filter(({ index }) => stateOf(index).known === 'gradient')
    const kept = new Map(
      [...parameter.states, ...late].map(({ index }) => [index, register(lanesOfState(index))]),
    )
    const totals = new Map<number, Numbers>()

    /** Where a number of the host is read: a register that is filled on every step where runs differ. */
    const hostSource = (node: GraphNode): Source => {
      const place = host.add(node)
      if (!place.perRun) return { kind: 'number', slot: place.slot }
      const values = register()
      instructions.push((base, _, first, end) => spread(values, place, base, first, end, size))
      return { kind: 'lanes', values }
    }
    const spread = (
      values: Numbers,
      { slot, perRun }: HostPlace,
      base: number,
      first: number,
      end: number,
      own: number,
    ): void => {
      const table = host.values()
      for (let start = first; start < end; start += own)
        fill(values, table[base + slot + (perRun ? start / own : 0)]!, start, start + own)
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
      if (node.kind === 'total') return { kind: 'lanes', values: totals.get(node.index)! }
      throw new Error('operators are carried out before they are read')
    }

    /** Where a value is read by what has `own` lanes of each run: of a matrix, or one number for all of them. */
    const sourceFor = (node: GraphNode, own: number): Source => {
      const source = sourceOf(node)
      if (source.kind === 'number' || lanesOf(placementOf(node).extent) === own) return source
      const known = spreadSources.get(node)
      if (known?.kind === 'lanes' && known.values.length === own * runs.hyperparameters.length)
        return known
      const values = register(own)
      instructions.push(spreadNumbers(source.values, values, size, own))
      const made: Source = { kind: 'lanes', values }
      spreadSources.set(node, made)
      return made
    }

    /** The arguments of a loop in the order of a walk; `found` gets where they are read. */
    const describe = (node: ApplyNode, found: Source[], own: number): LoopArgument[] =>
      node.arguments.map((argument) => {
        if (argument.kind === 'apply' && inlined.has(argument)) {
          const { operator } = argument
          if (operator.kind === 'elementwise')
            return { operator, arguments: describe(argument, found, own) }
        }
        const source = sourceFor(argument, own)
        found.push(source)
        return source.kind
      })
    /** The lanes of each run of what a reduction reduces, where that is a matrix of its own. */
    const matrixOfArguments = (node: ApplyNode): number | undefined => {
      const extent = node.arguments.map((each) => placementOf(each).extent).find(isOwnMatrix)
      return extent && lanesOf(extent)
    }
    const carryOut = (node: ApplyNode, target?: Numbers): void => {
      const { operator, site } = node
      const found: Source[] = []
      const own = lanesOf(placementOf(node).extent)
      const result = target ?? register(own)
      if (operator.kind === 'matrix') {
        instructions.push(matrixOperation(node, operator, result, matrixRuns))
        sources.set(node, { kind: 'lanes', values: result })
        return
      }
      const matrix = operator.kind === 'reduction' ? matrixOfArguments(node) : undefined
      const arguments_ = describe(node, found, matrix ?? own)
      sources.set(node, { kind: 'lanes', values: result })
      switch (operator.kind) {
        case 'reduction':
          instructions.push(
            matrix === undefined
              ? reduction(
                  operator,
                  found,
                  result,
                  size,
                  groupsOver(operator.over, shape, layout),
                  precision,
                  host.values,
                )
              : matrixReduction(
                  operator,
                  found,
                  result,
                  matrix,
                  matrixRuns,
                  precision === 32 ? Math.fround : (value) => value,
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
          const loop =
            special === undefined
              ? elementwise(laneLoop(operator, arguments_, precision), found, result, host.values)
              : elementwise(special, found.slice(0, 1), result, host.values)
          instructions.push(onLanes(size, own, loop))
          return
        }
        case 'shape':
          throw new Error('facts about shapes are numbers of the host')
        case 'global':
          throw new Error('the plan takes operators over all parameters apart')
      }
    }
    /** Carries out what has not been; `target` is where the value of the root is put, if that is still to be done. */
    const compute = (root: GraphNode, target?: Numbers): void => {
      if (sources.has(root) || isNumber(root)) return
      for (const node of reachable([root]))
        if (node.kind === 'apply' && !isNumber(node) && !sources.has(node) && !inlined.has(node))
          carryOut(node, node === root ? target : undefined)
    }
    const copy = (target: Numbers, node: GraphNode, own = size): void =>
      copyFrom(target, sourceFor(node, own), own)
    const copyFrom = (target: Numbers, source: Source, own = size): void => {
      const fromSource: Instruction = (base, _, first, end) => {
        if (source.kind === 'number') fill(target, host.values()[base + source.slot]!, first, end)
        else for (let lane = first; lane < end; lane++) target[lane] = source.values[lane]!
      }
      instructions.push(onLanes(size, own, fromSource))
    }

    const inlined = insideSums([...rounds, parameter], isNumber)
    const starting = instructions
    for (const { index, initial } of parameter.states) {
      if (isNumber(initial) || initial.kind === 'input') continue
      compute(initial)
      copy(kept.get(index)!, initial, lanesOfState(index))
    }
    instructions = []
    sources.clear()
    spreadSources.clear()
    for (const { initial } of plan.runStates) host.add(initial)
    for (const { index } of plan.runStates)
      if (!kept.has(index)) host.add({ kind: 'state', id: 0, index })
    /** Carries out what finds the contributions of a round, and ends the part. */
    const addRound = ({ program, statements }: ParameterPlan): ExecutedTotal[] => {
      const found = statements.flatMap((statement) => {
        compute(statement.node)
        return statement.kind === 'contribution' ? [statement] : []
      })
      parts.push(instructions)
      instructions = []
      return found.map(({ node, index }) => {
        const own = sourceOf(node)
        if (own.kind === 'number') throw new Error('contributions rest on gradients or weights')
        const values = register()
        totals.set(index, values)
        return { whole: program.totals[index]!.operator.whole.meaning, own: own.values, values }
      })
    }
    const executedRounds = rounds.map(addRound)
    for (const statement of parameter.statements) {
      const { node } = statement
      // Nothing reads the old value of a state from here on, and lanes are read before they are written.
      const target = statement.kind === 'assign' ? kept.get(statement.state)! : undefined
      const own =
        statement.kind === 'assign'
          ? lanesOfState(statement.state)
          : lanesOf(placementOf(node).extent)
      compute(node, own === lanesOf(placementOf(node).extent) ? target : undefined)
      switch (statement.kind) {
        case 'let':
          // The old value of a state that is overwritten before this is read.
          if (node.kind === 'state') {
            const values = register(own)
            copy(values, node, own)
            sources.set(node, { kind: 'lanes', values })
          }
          break
        case 'assign': {
          const source = sources.get(node)
          if (source?.kind !== 'lanes' || source.values !== target) copy(target!, node, own)
          break
        }
        case 'update': {
          const source = sourceOf(node)
          // What an operator has put out is not written again; a state is.
          if (node.kind === 'apply' && source.kind === 'lanes') update = source.values
          else copy(update, node)
          break
        }
        case 'contribution':
          throw new Error('what parameters add to totals stands in rounds')
      }
    }
    const changed = late.flatMap(({ index, next }) => {
      if (next === undefined) return []
      compute(next)
      if (next.kind !== 'state') return [{ index, source: sourceOf(next) }]
      // Its old value may be overwritten before it is taken.
      const values = register()
      copy(values, next)
      return [{ index, source: { kind: 'lanes', values } as const }]
    })
    for (const { index, source } of changed) copyFrom(kept.get(index)!, source)
    parts.push(instructions)
    const load = (
      givenGradient: ArrayLike<number>,
      givenWeights: ArrayLike<number>,
      first: number,
      end: number,
    ): void => {
      for (let lane = first; lane < end; lane++) {
        gradient[lane] = givenGradient[lane]!
        weights[lane] = givenWeights[lane]!
      }
    }
    const runPart = (part: number, base: number, t: number, first: number, end: number): void => {
      const list = parts[part]!
      for (let at = 0; at < list.length; at++) list[at]!(base, t, first, end)
    }
    const initials = [...parameter.states, ...late]
      .filter(({ initial }) => isNumber(initial) || initial.kind === 'input')
      .map(({ index, initial }) => ({
        values: kept.get(index)!,
        // What is no number of the host is `w`.
        place: isNumber(initial) ? host.add(initial) : undefined,
        own: lanesOfState(index),
      }))

    return {
      begin: (start) => {
        const base = host.begin()
        for (const { values, place, own } of initials) {
          if (place !== undefined) spread(values, place, base, 0, values.length, own)
          else for (let lane = 0; lane < values.length; lane++) values[lane] = start[lane % size]!
        }
        for (const instruct of starting) instruct(base, 0, 0, size * runs.hyperparameters.length)
      },
      step: (givenGradient, givenWeights, t, firstRun, endRun) => {
        const first = firstRun * size
        const end = endRun * size
        load(givenGradient, givenWeights, first, end)
        const base = host.prepare(t)
        for (const [round, executed] of executedRounds.entries()) {
          runPart(round, base, t, first, end)
          for (const { whole, own, values } of executed)
            for (let run = first; run < end; run += size)
              fill(values, whole([own[run]!]), run, run + size)
        }
        runPart(executedRounds.length, base, t, first, end)
        return update
      },
      *stepInRounds(givenGradient, givenWeights, t) {
        const count = size * runs.hyperparameters.length
        load(givenGradient, givenWeights, 0, count)
        const base = host.prepare(t)
        for (const [round, executed] of executedRounds.entries()) {
          runPart(round, base, t, 0, count)
          const given = yield executed.map(({ own }) => own[0] ?? 0)
          executed.forEach(({ values }, index) => fill(values, given[index]!, 0, count))
        }
        runPart(executedRounds.length, base, t, 0, count)
        return update
      },
      ...statesOf(plan, parameter, kept, host, (index) => {
        const { extent } = stateOf(index)
        if (isOwnMatrix(extent)) return eachByItself(lanesOf(extent))
        const isOne = extent === 'parameter' || extent === 'run'
        return isOne ? undefined : groupsOf(extent, shape, layout)
      }),
    }
  }
}

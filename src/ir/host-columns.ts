import type { GraphNode, Program, ProgramState } from './graph.ts'
import { evaluateFunction, type ScheduleValue } from './evaluate.ts'
import { shapeValue } from './specialize.ts'

/** Several runs of one program that differ in hyperparameters alone, over the same steps. */
export interface Runs {
  readonly shape: readonly number[]
  readonly steps: number
  readonly totalSteps: number
  /** Values by name for each run; those not given have their defaults. */
  readonly hyperparameters: readonly Readonly<Record<string, number | ScheduleValue>>[]
}

/** The values of a number of the host: per step, and per run where it differs between runs (`[run * steps + step]`). */
export interface Column {
  readonly values: readonly number[]
  readonly perRun: boolean
  /** Values that differ between runs as lanes read them; made when they are first read. */
  lanes?: Float32Array
}

/** Gives the column of a node of stage constant, shape, hyper or schedule. */
export type Columns = (node: GraphNode) => Column

/** The program as far as columns need it. */
export type HostProgram = Pick<Program, 'hyperparameters'> & {
  readonly states: readonly (Pick<ProgramState, 'initial' | 'next'> & { readonly index: number })[]
}

/**
 * The numbers of the host over several runs, each worked out once per node. `known` keeps what does not depend on states;
 * it may be shared by programs whose hyperparameters are all given.
 */
export function hostColumns(
  runs: Runs,
  program: HostProgram,
  known: Map<GraphNode, Column>,
): Columns {
  const { steps, totalSteps, shape } = runs
  const count = runs.hyperparameters.length
  const dynamic = new Map<GraphNode, Column & { readonly values: number[] }>()

  const column = (node: GraphNode): Column => {
    const found = fixed(node) ?? dynamic.get(node)
    if (found !== undefined) return found
    runStates(node)
    return dynamic.get(node)!
  }

  /** The column of a node that depends on no state; undefined where it does. */
  const fixed = (node: GraphNode): Column | undefined => {
    const found = known.get(node)
    if (found !== undefined || dynamic.has(node)) return found
    const made = make(node)
    if (made !== undefined) known.set(node, made)
    return made
  }
  const filled = (perRun: boolean, valueAt: (run: number, step: number) => number): Column => {
    const values = new Array<number>(perRun ? count * steps : steps)
    for (let run = 0; run < (perRun ? count : 1); run++)
      for (let step = 0; step < steps; step++) values[run * steps + step] = valueAt(run, step)
    return { values, perRun }
  }

  const constantColumn = (value: number): Column => ({
    values: new Array<number>(steps).fill(value),
    perRun: false,
  })

  const make = (node: GraphNode): Column | undefined => {
    switch (node.kind) {
      case 'constant':
        return constantColumn(node.value)
      case 'input':
        return filled(false, (_, step) => (node.name === 't' ? step : totalSteps))
      case 'parameter': {
        const values = runs.hyperparameters.map((given) => valueOf(node.name, given[node.name]))
        return filled(
          values.some((value) => value !== values[0]),
          (run, step) => {
            const value = values[run]!
            return typeof value === 'number' ? value : value(step, totalSteps)
          },
        )
      }
      case 'state':
        return undefined
      case 'call':
      case 'apply': {
        if (node.stage === 'shape') return constantColumn(shapeValue(node, shape))
        const arguments_: Column[] = []
        for (const argument of node.arguments) {
          const found = fixed(argument)
          if (found === undefined) return undefined
          arguments_.push(found)
        }
        return filled(
          arguments_.some(({ perRun }) => perRun),
          evaluator(node, arguments_),
        )
      }
    }
  }

  const valueOf = (
    name: string,
    given: number | ScheduleValue | undefined,
  ): number | ScheduleValue =>
    given ?? program.hyperparameters.find((each) => each.name === name)?.default ?? NaN

  const evaluator = (
    node: Extract<GraphNode, { readonly kind: 'call' | 'apply' }>,
    arguments_: readonly Column[],
  ): ((run: number, step: number) => number) => {
    const [a, b] = arguments_
    if (node.kind === 'call') {
      const given = arguments_.slice(1)
      return (run, step) =>
        evaluateFunction(
          node.callee,
          given.map((each) => at(each, run, step)),
          at(a!, run, step),
          totalSteps,
        )
    }
    const { operator } = node
    if (operator.kind !== 'elementwise') return () => NaN
    const { meaning } = operator
    if (arguments_.length === 1) return (run, step) => meaning(at(a!, run, step))
    if (arguments_.length === 2) return (run, step) => meaning(at(a!, run, step), at(b!, run, step))
    return (run, step) => meaning(...arguments_.map((each) => at(each, run, step)))
  }

  const at = ({ values, perRun }: Column, run: number, step: number): number =>
    values[perRun ? run * steps + step : step]!

  /** Numbers kept from step to step: everything they and `wanted` depend on, one step after the other. */
  const runStates = (wanted: GraphNode): void => {
    const order: GraphNode[] = []
    const states = new Set<HostProgram['states'][number]>()
    const collect = (node: GraphNode): void => {
      if (fixed(node) !== undefined || dynamic.has(node)) return
      dynamic.set(node, { values: new Array<number>(count * steps).fill(0), perRun: true })
      if (node.kind === 'state') {
        const state = program.states.find(({ index }) => index === node.index)!
        states.add(state)
        collect(state.next)
        return
      }
      if (node.kind === 'apply' || node.kind === 'call') node.arguments.forEach(collect)
      order.push(node)
    }
    collect(wanted)
    const stateNodes = [...dynamic.keys()].filter((node) => node.kind === 'state')
    // Operands have smaller numbers than what uses them.
    const rest = order
      .sort((a, b) => a.id - b.id)
      .map((node) => {
        if (node.kind !== 'apply' && node.kind !== 'call')
          throw new Error('only operators and calls depend on states')
        return [dynamic.get(node)!, evaluator(node, node.arguments.map(column))] as const
      })
    const changing = stateNodes.flatMap((node) => {
      const state = [...states].find(({ index }) => index === node.index)
      return state === undefined ? [] : [[dynamic.get(node)!, state] as const]
    })
    for (let run = 0; run < count; run++) {
      for (let step = 0; step < steps; step++) {
        for (const [{ values }, { initial, next }] of changing) {
          values[run * steps + step] =
            step === 0 ? at(column(initial), run, 0) : at(column(next), run, step - 1)
        }
        for (const [{ values }, valueAt] of rest) values[run * steps + step] = valueAt(run, step)
      }
    }
  }

  return column
}

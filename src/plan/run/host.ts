import { operands, reachable } from '../../ir/build.ts'
import type { CallNode, GraphNode, ScheduleFunction } from '../../ir/graph.ts'
import { layouts } from '../../operators/layout.ts'
import { deepValues, MOST_CALLS } from '../depth.ts'
import type { StepPlan } from '../plan.ts'
import { valueGiven, type Runs } from './runs.ts'
import { evaluateFunction, type ScheduleValue } from '../../ir/schedule.ts'

/** A number of the host in a table: at `slot`, or at `slot + run` where runs differ. */
export interface HostPlace {
  readonly slot: number
  readonly perRun: boolean
}

/** The numbers of the host of some runs of one program, worked out in 64 bits. */
export interface HostTable {
  /** Gives the node a place; what it reads has one already or gets it. */
  readonly add: (node: GraphNode) => HostPlace
  /** Works everything out for step `t`, and gives where in `values` the numbers of that step begin. */
  readonly prepare: (t: number) => number
  readonly values: () => Float64Array
  /** Works out what is known before the first step, and gives where in `values` it begins. */
  readonly begin: () => number
  /** What a state that is one number for the run holds after the step last prepared, or at the beginning; of the first run. */
  readonly current: (index: number) => number
  /** Puts such a state to a value, before a step is prepared. */
  readonly set: (index: number, value: number) => void
}

interface HostState {
  readonly own: HostPlace
  initial: HostPlace
  next: HostPlace
}

/**
 * The values of functions at every step, for each run, by what they are called with: the same for all programs. Undefined
 * where an argument changes with the step.
 */
export type KnownSteps = WeakMap<ScheduleFunction, Map<string, readonly Float64Array[] | undefined>>

/** Calls kept for one function before all are forgotten: programs call with ever new numbers. */
const MOST_KNOWN = 100

type Compute = (values: Float64Array, base: number, t: number) => void

/**
 * An empty table. Where the number of steps of the runs is known, every step is worked out once and kept, one after the
 * other from 0 on; without it the steps may come in any order, and states are what they were set to.
 */
export function createHostTable(plan: StepPlan, runs: Runs, known: KnownSteps): HostTable {
  const { steps, totalSteps, shape, layout = layouts[0], isHidden } = runs
  const count = runs.hyperparameters.length
  const places = new Map<GraphNode, HostPlace>()
  const computes: Compute[] = []
  const states = new Map<number, HostState>()
  let width = 0
  let kept = 0
  let values = new Float64Array(0)

  const place = (perRun: boolean): HostPlace => {
    const slot = width
    width += perRun ? count : 1
    return { slot, perRun }
  }
  /** Fills the place on every step. */
  const fill = (perRun: boolean, valueAt: (run: number, t: number) => number): HostPlace => {
    const made = place(perRun)
    const { slot } = made
    computes.push(
      perRun
        ? (table, base, t) => {
            for (let run = 0; run < count; run++) table[base + slot + run] = valueAt(run, t)
          }
        : (table, base, t) => void (table[base + slot] = valueAt(0, t)),
    )
    return made
  }

  const isKnown = (node: GraphNode): boolean => places.has(node)
  /** Programs may be deeper than the stack. */
  const addAll = (node: GraphNode): HostPlace => {
    if (!isKnown(node)) deepValues(reachable([node]), isKnown, MOST_CALLS).forEach(add)
    return add(node)
  }
  const add = (node: GraphNode): HostPlace => {
    if (node.kind === 'state') return addState(node.index)
    const known = places.get(node)
    if (known !== undefined) return known
    const made = make(node)
    places.set(node, made)
    return made
  }
  const make = (node: Exclude<GraphNode, { kind: 'state' }>): HostPlace => {
    switch (node.kind) {
      case 'total':
        throw new Error('numbers over all parameters are no numbers of the host')
      case 'constant':
        return fill(false, () => node.value)
      case 'input':
        return fill(false, node.name === 't' ? (_, t) => t : () => totalSteps ?? NaN)
      case 'parameter':
        return addHyperparameter(node.name)
      case 'call':
      case 'apply':
        return addResult(node)
    }
  }
  const defaultOf = (name: string): number | undefined =>
    plan.program.hyperparameters.find((each) => each.name === name)?.default
  const givenValues = (name: string): readonly (number | ScheduleValue)[] => {
    const start = defaultOf(name)
    return runs.hyperparameters.map((values_) => valueGiven(values_, name) ?? start ?? NaN)
  }
  const addHyperparameter = (name: string): HostPlace => {
    const given = givenValues(name)
    return fill(
      given.some((value) => !Object.is(value, given[0])),
      (run, t) => {
        const value = given[run]!
        return typeof value === 'number' ? value : value(t, totalSteps ?? NaN)
      },
    )
  }
  const addState = (index: number): HostPlace => {
    const known = states.get(index)
    if (known !== undefined) return known.own
    // What it starts with and becomes may differ between runs.
    const own = place(true)
    const state: HostState = { own, initial: own, next: own }
    states.set(index, state)
    const { initial, next } = plan.runStates.find((each) => each.index === index)!
    state.initial = addAll(initial)
    if (next !== undefined) state.next = addAll(next)
    return own
  }

  const addResult = (node: Extract<GraphNode, { kind: 'call' | 'apply' }>): HostPlace => {
    if (node.kind === 'apply' && node.operator.kind === 'shape') {
      const { meaning } = node.operator
      // The one parameter has a gradient at every step.
      return fill(false, (_, t) => meaning(shape, layout, { isHidden, updates: t }))
    }
    const perStep = node.kind === 'call' && steps !== undefined ? perStepOf(node, steps) : undefined
    if (perStep !== undefined) {
      // The same arguments give the same table.
      return fill(
        perStep.some((each) => each !== perStep[0]),
        (run, t) => perStep[run]![t]!,
      )
    }
    const arguments_ = operands(node).map(add)
    const perRun = arguments_.some((argument) => argument.perRun)
    const made = place(perRun)
    const { slot } = made
    const at = (table: Float64Array, base: number, index: number, run: number): number => {
      const argument = arguments_[index]!
      return table[base + argument.slot + (argument.perRun ? run : 0)]!
    }
    const valueAt = resultOf(node, arguments_.length, at)
    computes.push((table, base) => {
      for (let run = 0; run < (perRun ? count : 1); run++)
        table[base + slot + run] = valueAt(table, base, run)
    })
    return made
  }
  /** The values of a call at every step for each run, where its arguments are the same on all steps. */
  const perStepOf = (call: CallNode, length: number): readonly Float64Array[] | undefined => {
    const key = keyOf(call)
    if (key === undefined) return undefined
    const byArguments =
      known.get(call.callee) ?? new Map<string, readonly Float64Array[] | undefined>()
    known.set(call.callee, byArguments)
    if (byArguments.has(key)) return byArguments.get(key)
    if (byArguments.size >= MOST_KNOWN) byArguments.clear()
    const made = makePerStep(call, length)
    byArguments.set(key, made)
    return made
  }
  /** A text that calls of one function with the same constants and hyperparameters, and only those, share. */
  const keyOf = (call: CallNode): string | undefined => {
    let key = ''
    const [step, ...others] = call.arguments
    if (step?.kind !== 'input' || step.name !== 't') return undefined
    for (const argument of others) {
      if (argument.kind === 'constant') key += `${argument.value} `
      else if (argument.kind === 'parameter') key += `${argument.name}=${defaultOf(argument.name)} `
      else return undefined
    }
    return key
  }
  const makePerStep = (call: CallNode, length: number): readonly Float64Array[] | undefined => {
    const perRun: number[][] = runs.hyperparameters.map(() => [])
    for (const argument of call.arguments.slice(1)) {
      const given =
        argument.kind === 'constant'
          ? perRun.map(() => argument.value)
          : argument.kind === 'parameter'
            ? givenValues(argument.name)
            : []
      for (const [run, numbers] of perRun.entries()) {
        const value = given[run]
        if (typeof value !== 'number') return undefined
        numbers.push(value)
      }
    }
    const tables = new Map<string, Float64Array>()
    return perRun.map((numbers) => {
      const key = numbers.join(' ')
      let table = tables.get(key)
      if (table === undefined) {
        table = Float64Array.from({ length }, (_, t) =>
          evaluateFunction(call.callee, numbers, t, totalSteps ?? NaN),
        )
        tables.set(key, table)
      }
      return table
    })
  }
  type At = (table: Float64Array, base: number, index: number, run: number) => number
  const resultOf = (
    node: Extract<GraphNode, { kind: 'call' | 'apply' }>,
    length: number,
    at: At,
  ): ((table: Float64Array, base: number, run: number) => number) => {
    const all = Array.from({ length }, (_, index) => index)
    if (node.kind === 'call') {
      const given = all.slice(1)
      return (table, base, run) =>
        evaluateFunction(
          node.callee,
          given.map((index) => at(table, base, index, run)),
          at(table, base, 0, run),
          totalSteps ?? NaN,
        )
    }
    if (node.operator.kind !== 'elementwise') return () => NaN
    const { meaning } = node.operator
    if (length === 1) return (table, base, run) => meaning(at(table, base, 0, run))
    if (length === 2)
      return (table, base, run) => meaning(at(table, base, 0, run), at(table, base, 1, run))
    return (table, base, run) => meaning(...all.map((index) => at(table, base, index, run)))
  }

  const copy = (from: HostPlace, fromBase: number, to: HostPlace, toBase: number): void => {
    for (let run = 0; run < count; run++)
      values[toBase + to.slot + run] = values[fromBase + from.slot + (from.perRun ? run : 0)]!
  }
  const compute = (t: number, base: number): void => {
    for (const each of computes) each(values, base, t)
  }
  /** Step `t` of all that are kept: states hold what they became in the step before. */
  const computeKept = (t: number): void => {
    if (t === 0 && states.size > 0) {
      compute(0, 0)
      for (const { own, initial } of states.values()) copy(initial, 0, own, 0)
    }
    if (t > 0)
      for (const { own, next } of states.values()) copy(next, (t - 1) * width, own, t * width)
    compute(t, t * width)
  }

  let hasStepped = false
  const prepare = (t: number): number => {
    hasStepped = true
    const length = width * (steps ?? 1)
    if (values.length !== length) {
      values = new Float64Array(length)
      kept = 0
    }
    if (steps === undefined) {
      compute(t, 0)
      return 0
    }
    for (; kept <= t; kept++) computeKept(kept)
    return t * width
  }

  return {
    add: addAll,
    values: () => values,
    prepare,
    begin: () => {
      const base = prepare(0)
      hasStepped = false
      return base
    },
    current: (index) => {
      const { initial, next } = states.get(index)!
      return values[(hasStepped ? next : initial).slot]!
    },
    set: (index, value) => {
      if (values.length !== width) values = new Float64Array(width)
      values[states.get(index)!.own.slot] = value
    },
  }
}

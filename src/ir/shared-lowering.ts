import type { CheckedModule } from '../check/checked-module.ts'
import { anything, within, type Interval } from '../operators/interval.ts'
import type { FunctionDeclaration } from '../syntax/ast.ts'
import { applyInterval, createGraph, reachable, type GraphBuilder } from './build.ts'
import type { GraphNode } from './graph.ts'
import {
  callFunction,
  createLowering,
  type LoweredCall,
  type Lowering,
  type StateInstance,
} from './lower-body.ts'
import { joinState, joinStateStage, type StateType } from './state-type.ts'

/** A graph that many rules are lowered into, so that what they have in common is lowered once. */
export interface SharedLowering {
  readonly graph: GraphBuilder
  readonly lowering: Lowering
  /** By the index of their state nodes. */
  readonly instances: readonly StateInstance[]
  readonly stateInterval: (index: number) => Interval
  /**
   * A call of a function of the library, with the nodes it names and the states it opens. Undefined where rules could not
   * share what comes of it: a function that draws random numbers, or hands its states to schedules.
   */
  readonly call: (
    declaration: FunctionDeclaration,
    values: readonly GraphNode[],
  ) => LoweredCall | undefined
}

/** A shared lowering that has seen nothing yet, for functions of `library`. */
export function createSharedLowering(library: CheckedModule): SharedLowering {
  let isShareable = true
  const intervals = new Map<number, Interval>()
  const stateInterval = (index: number): Interval =>
    intervals.get(index) ?? workOutIntervals(instances, index, intervals)
  const whole = createGraph(stateInterval)
  const graph: GraphBuilder = {
    ...whole,
    call: (callee, arguments_) => {
      if (reachable(arguments_).some(({ kind }) => kind === 'state')) isShareable = false
      return whole.call(callee, arguments_)
    },
  }
  const guesses: StateType[] = []
  const lowering = createLowering(library, graph, new Map(), guesses)
  const { instances } = lowering
  const known = new Map<FunctionDeclaration, Map<string, LoweredCall | undefined>>()

  /**
   * The call lowered with guesses for the stages of the states it opens, which depend on themselves, until they hold, as
   * whole programs are. Their intervals are only worked out when a law asks for them.
   */
  const lowerCall = (
    declaration: FunctionDeclaration,
    values: readonly GraphNode[],
  ): LoweredCall | undefined => {
    isShareable = true
    for (let stages: readonly StateType['stage'][] = []; ;) {
      const first = instances.length
      guesses.length = first
      stages.forEach((stage, at) => (guesses[first + at] = { stage, interval: anything }))
      const calls = new Map<string, LoweredCall>()
      const attempt: Lowering = {
        ...lowering,
        names: new Map(),
        sites: new Map(),
        log: [],
        calls: {
          get: (key) => calls.get(key) ?? lowering.calls.get(key),
          set: (key, call) => calls.set(key, call),
        },
      }
      const result = callFunction(attempt, declaration, values)
      if (!isShareable || attempt.sites.size > 0) return undefined
      const found = instances
        .slice(first)
        .map((instance, at) => joinStateStage(instance, stages[at]))
      if (found.length === stages.length && found.every((stage, at) => stage === stages[at])) {
        for (const [key, call] of calls) lowering.calls.set(key, call)
        return { result, log: attempt.log }
      }
      stages = found
    }
  }

  return {
    graph,
    lowering,
    instances,
    stateInterval,
    call: (declaration, values) => {
      const byValues = known.get(declaration) ?? new Map<string, LoweredCall | undefined>()
      known.set(declaration, byValues)
      let key = ''
      for (const { id } of values) key += `${id} `
      if (byValues.has(key)) return byValues.get(key)
      const lowered = lowerCall(declaration, values)
      byValues.set(key, lowered)
      return lowered
    },
  }
}

/**
 * The interval of a state and of all it depends on: guessed from the initial values and widened round by round as whole
 * programs do it.
 */
function workOutIntervals(
  instances: readonly StateInstance[],
  wanted: number,
  known: Map<number, Interval>,
): Interval {
  const states = new Set<StateInstance>()
  const pending = [instances[wanted]!]
  for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
    if (states.has(state)) continue
    states.add(state)
    for (const node of reachable([state.initial, state.next]))
      if (node.kind === 'state') pending.push(instances[node.index]!)
  }
  const nodes = reachable([...states].flatMap(({ initial, next }) => [initial, next]))
  let guesses: ReadonlyMap<number, StateType> = new Map()
  for (let round = 0; ; round++) {
    const found = new Map<GraphNode, Interval>()
    for (const node of nodes) found.set(node, intervalUnder(node, found, guesses, instances))
    const typed = (node: GraphNode): StateType => ({
      stage: 'schedule',
      interval: found.get(node)!,
    })
    const joined = new Map(
      [...states].map(({ index, initial, next }) => [
        index,
        joinState({ initial: typed(initial), next: typed(next) }, guesses.get(index), round),
      ]),
    )
    const holds = [...joined].every(([index, { interval }]) => {
      const guess = guesses.get(index)
      return guess !== undefined && within(interval, guess.interval)
    })
    if (holds) break
    guesses = joined
  }
  for (const [index, { interval }] of guesses) known.set(index, interval)
  return guesses.get(wanted)!.interval
}

function intervalUnder(
  node: GraphNode,
  found: ReadonlyMap<GraphNode, Interval>,
  guesses: ReadonlyMap<number, StateType>,
  instances: readonly StateInstance[],
): Interval {
  if (node.kind === 'state')
    return guesses.get(node.index)?.interval ?? found.get(instances[node.index]!.initial)!
  if (node.kind !== 'apply') return node.interval
  return applyInterval(
    node.operator,
    node.arguments,
    node.arguments.map((argument) => found.get(argument)!),
  )
}

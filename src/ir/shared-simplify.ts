import { createGraph, reachable } from './build.ts'
import type { GraphNode, ScheduleFunction } from './graph.ts'
import type { StateInstance } from './lower-body.ts'
import { rebuild } from './rewrite.ts'
import type { SharedLowering } from './shared-lowering.ts'
import { simplifyApply, simplifyFunction, type IsNamed } from './simplify.ts'

/** A node simplified as if nothing had a name. */
interface Simplified {
  readonly node: GraphNode
  /** What was looked through on the way: the answer holds where none of these has a name. */
  readonly looked: readonly GraphNode[]
  /** The states it reads. */
  readonly states: readonly StateInstance[]
}

/** The simplified nodes of a rule, by the nodes they stand for. */
export type SimplifiedNodes = (node: GraphNode) => GraphNode

/** Simplifies nodes of a graph that rules share into another one. */
export interface SharedSimplifier {
  /**
   * Everything the update depends on, simplified as `simplify` does it when the nodes in `named` are those with a name.
   * `everything` gives the named nodes and all states of the rule, where they may matter. Undefined in the rare cases where
   * it also matters in which order the rule's own graph would have been made.
   */
  readonly simplify: (
    update: GraphNode,
    everything: () => Surroundings | undefined,
  ) => SimplifiedNodes | undefined
}

/** What of a rule may have a say in how its update is simplified. */
export interface Surroundings {
  readonly named: ReadonlySet<GraphNode>
  readonly states: Iterable<StateInstance>
}

const none: readonly never[] = []

/** A simplifier of nodes of `lowering` that has seen nothing yet. */
export function createSharedSimplifier({
  instances,
  stateInterval,
}: SharedLowering): SharedSimplifier {
  const graph = createGraph(stateInterval)
  const functions = new Map<ScheduleFunction, ScheduleFunction>()
  const known: (Simplified | undefined)[] = []

  /** The node on simplified operands. */
  const applied = (
    node: GraphNode,
    arguments_: readonly GraphNode[],
    isNamed: IsNamed,
  ): GraphNode => {
    if (node.kind === 'apply')
      return simplifyApply(graph, node.operator, arguments_, node.site, isNamed)
    if (node.kind === 'call')
      return graph.call(simplifyFunction(node.callee, functions), arguments_)
    return rebuild(graph, node, arguments_)
  }

  const unnamed = (node: GraphNode): Simplified => {
    const found = known[node.id]
    if (found !== undefined) return found
    let looked: readonly GraphNode[] = none
    let states: readonly StateInstance[] = node.kind === 'state' ? [instances[node.index]!] : none
    const arguments_: GraphNode[] = []
    if (node.kind === 'apply' || node.kind === 'call') {
      for (const argument of node.arguments) {
        const simplified = unnamed(argument)
        arguments_.push(simplified.node)
        looked = union(looked, simplified.looked)
        states = union(states, simplified.states)
      }
    }
    const asked: GraphNode[] = []
    const made = applied(node, arguments_, (argument) => {
      asked.push(argument)
      return false
    })
    const simplified = { node: made, looked: union(looked, asked), states }
    known[node.id] = simplified
    return simplified
  }

  /** The states that these nodes depend on. */
  const statesOf = (roots: Iterable<GraphNode>): ReadonlySet<StateInstance> => {
    const states = new Set<StateInstance>()
    for (const root of roots) for (const state of unnamed(root).states) states.add(state)
    // A set hands out what is added while it is walked.
    for (const { initial, next } of states) {
      for (const state of unnamed(initial).states) states.add(state)
      for (const state of unnamed(next).states) states.add(state)
    }
    return states
  }

  /** The simplified nodes with names in the way, in an order of which nothing depends; undefined where something does. */
  const withNames = (
    roots: readonly GraphNode[],
    isNamed: (node: GraphNode) => boolean,
  ): SimplifiedNodes | undefined => {
    const result = new Map<GraphNode, GraphNode>()
    const named = new Set<GraphNode>()
    const unnamedAnswers = new Set<GraphNode>()
    let ordered = true
    for (const node of reachable(roots)) {
      const operands = node.kind === 'apply' || node.kind === 'call' ? node.arguments : []
      const arguments_ = operands.map((operand) => result.get(operand)!)
      const made = applied(node, arguments_, (asked) => {
        if (!named.has(asked)) {
          unnamedAnswers.add(asked)
          return false
        }
        // Certain to have had its name by then only if it is the operand itself that has it.
        ordered &&= operands.some((operand) => isNamed(operand) && result.get(operand) === asked)
        return true
      })
      result.set(node, made)
      if (isNamed(node)) named.add(made)
    }
    for (const asked of unnamedAnswers) ordered &&= !named.has(asked)
    return ordered ? (node) => result.get(node)! : undefined
  }

  return {
    simplify: (update, everything) => {
      const states = statesOf([update])
      const looksThrough =
        unnamed(update).looked.length > 0 ||
        [...states].some(
          ({ initial, next }) =>
            unnamed(initial).looked.length > 0 || unnamed(next).looked.length > 0,
        )
      if (!looksThrough) return (node) => unnamed(node).node
      const surroundings = everything()
      if (surroundings === undefined) return undefined
      const roots = [
        update,
        ...[...surroundings.states].flatMap(({ initial, next }) => [initial, next]),
      ]
      const reached = reachable(roots)
      const isNamed = (node: GraphNode): boolean => surroundings.named.has(node)
      const named = new Set(reached.filter(isNamed).map((node) => unnamed(node).node))
      const inTheWay = roots.some((root) => unnamed(root).looked.some((node) => named.has(node)))
      return inTheWay ? withNames(roots, isNamed) : (node) => unnamed(node).node
    },
  }
}

function union<T>(a: readonly T[], b: readonly T[]): readonly T[] {
  if (b.length === 0) return a
  if (a.length === 0) return b
  const more = b.filter((item) => !a.includes(item))
  return more.length === 0 ? a : [...a, ...more]
}

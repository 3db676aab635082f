import type { MutationRates } from './space/space.ts'
import type { Random } from '../operators/random.ts'
import type { Expression } from '../syntax/ast.ts'
import { equal } from '../syntax/traverse.ts'
import { choose, chooseWeighted, drawRate } from './choose.ts'
import { joinEdge } from './edge.ts'
import { isOperand, type Graph, type GraphNode } from './graph.ts'
import { fill } from './template.ts'

/** Why a change inside a decay or a schedule factor may give none: no node, what was there, equal arguments, a circle. */
export const CURVE_FAILURES = ['no-node', 'no-change', 'same-arguments', 'cycle'] as const

export type CurveFailure = (typeof CURVE_FAILURES)[number]

/** Another operator with the same arguments, unless the space has no other. */
export function changeOperator(
  { space }: Graph<unknown>,
  { template, arguments: arguments_ }: GraphNode,
  random: Random,
): Expression | 'no-change' {
  const choices = template.parameters.length === 1 ? space.unary : space.binary
  const others = choices.items
    .map((item, index) => [item, choices.weights[index]!] as const)
    .filter(([item, weight]) => item !== template && weight > 0)
  return others.length === 0 ? 'no-change' : fill(chooseWeighted(others, random), arguments_)
}

/** Another argument, or with probability `swap` the two arguments the other way around. */
export function changeConnection(
  { space, rootUsesNode, splitEdge, drawArgument }: Graph<unknown>,
  node: GraphNode,
  swap: number,
  random: Random,
): Expression | 'no-change' | 'same-arguments' | 'cycle' {
  const { arguments: arguments_, template } = node
  if (arguments_.length === 2 && random.chance(swap))
    return fill(template, [...arguments_].reverse())
  const index = random.integer(arguments_.length)
  const { decay, value } = splitEdge(arguments_[index]!)
  const kept = arguments_.filter((_, at) => at !== index).map((other) => splitEdge(other).value)
  const asNode = rootUsesNode && node.root && kept.every((other) => isOperand(space, other))
  const drawn = drawArgument(node, random, asNode)
  if (typeof drawn === 'string') return drawn
  if (equal(drawn, value)) return 'no-change'
  if (kept.some((other) => equal(drawn, other))) return 'same-arguments'
  return fill(
    template,
    arguments_.map((argument, at) => (at === index ? joinEdge({ decay, value: drawn }) : argument)),
  )
}

/** Unary to binary with a drawn argument on either side, or binary to unary on one of the arguments. */
export function changeArity(
  { space, rootUsesNode, splitEdge, drawArgument }: Graph<unknown>,
  node: GraphNode,
  random: Random,
): Expression | 'same-arguments' | 'cycle' {
  const { arguments: arguments_, root } = node
  const [first] = arguments_
  if (arguments_.length === 1) {
    const drawn = drawArgument(node, random)
    if (typeof drawn === 'string') return drawn
    if (equal(drawn, splitEdge(first!).value)) return 'same-arguments'
    return fill(
      choose(space.binary, random),
      random.chance(0.5) ? [first!, drawn] : [drawn, first!],
    )
  }
  const nodes =
    rootUsesNode && root
      ? arguments_.filter((argument) => !isOperand(space, splitEdge(argument).value))
      : arguments_
  return fill(choose(space.unary, random), [random.pick(nodes.length > 0 ? nodes : arguments_)])
}

/** The tree of a graph with one of its nodes changed, as often in each way as `rates` says. */
export function changeNode<Tree>(
  graph: Graph<Tree>,
  rates: MutationRates,
  random: Random,
): Tree | CurveFailure {
  if (graph.nodes.length === 0) return 'no-node'
  const node = random.pick(graph.nodes)
  const kind = drawRate(rates, random)
  const changed =
    kind === 'operator'
      ? changeOperator(graph, node, random)
      : kind === 'connection'
        ? changeConnection(graph, node, rates.swap, random)
        : changeArity(graph, node, random)
  return typeof changed === 'string' ? changed : graph.replace(node, changed)
}

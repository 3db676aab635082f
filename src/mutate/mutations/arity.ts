import type { Random } from '../../operators/random.ts'
import type { Expression } from '../../syntax/ast.ts'
import { equal } from '../../syntax/traverse.ts'
import { choose } from '../choose.ts'
import { isOperand, type Graph, type GraphNode } from '../graph.ts'
import { fill } from '../template.ts'
import { nodeRow, SAME_ARGUMENTS } from './mutation.ts'

/** Unary to binary with a drawn argument on either side, or binary to unary on one of the arguments. */
export const arity = nodeRow({
  name: 'arity',
  words: 'another number of arguments of a node',
  rate: 'required',
  choices: {},
  failures: SAME_ARGUMENTS,
  change: (graph, node, { random }) =>
    node.arguments.length === 1 ? toBinary(graph, node, random) : toUnary(graph, node, random),
})

function toBinary(
  { space, splitEdge, drawArgument }: Graph<unknown>,
  node: GraphNode,
  random: Random,
): Expression | 'same-arguments' | 'cycle' {
  const argument = node.arguments[0]!
  const drawn = drawArgument(node, random)
  if (typeof drawn === 'string') return drawn
  if (equal(drawn, splitEdge(argument).value)) return 'same-arguments'
  const template = choose(space.binary, random)
  return fill(template, random.chance(0.5) ? [argument, drawn] : [drawn, argument])
}

/** A root that always uses another node keeps one. */
function toUnary(
  { space, rootUsesNode, splitEdge }: Graph<unknown>,
  { arguments: arguments_, root }: GraphNode,
  random: Random,
): Expression {
  const nodes = arguments_.filter((argument) => !isOperand(space, splitEdge(argument).value))
  const kept = rootUsesNode && root && nodes.length > 0 ? nodes : arguments_
  return fill(choose(space.unary, random), [random.pick(kept)])
}

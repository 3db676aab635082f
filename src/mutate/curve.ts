import type { NodeSpace } from './space/space.ts'
import type { Random } from '../operators/random.ts'
import type { Expression, Node } from '../syntax/ast.ts'
import { equal, transform, visit } from '../syntax/traverse.ts'
import { drawCurveNode } from './draw-graph.ts'
import { collectNodes, isOperand, matchOperator, type Graph, type GraphNode } from './graph.ts'
import { copy } from './template.ts'

/** Whether the expression is an operand of the space or made of them with its operators. */
export function isCurve(space: NodeSpace, expression: Expression): boolean {
  const isArgument = (argument: Expression): boolean => isCurve(space, argument)
  return isOperand(space, expression) || matchOperator(space, expression, isArgument) !== undefined
}

/**
 * A curve, which is a decay or a factor on the learning rate in one expression over its bases, as a graph: the root first,
 * equal nodes once, as they are one node with two users. A bare operand is the identity on it, where the space has one.
 * Undefined when the expression is no curve of the space.
 */
export function viewCurve(space: NodeSpace, curve: Expression): Graph<Expression> | undefined {
  if (!isCurve(space, curve)) return undefined
  const seen: Expression[] = []
  const nodes = collectNodes(space, [{ expression: curve, place: [], root: true }], {
    splitEdge: withoutDecay,
    isArgument: (argument) => isCurve(space, argument),
    isNew: (expression) => {
      const isNew = !seen.some((other) => equal(other, expression))
      seen.push(expression)
      return isNew
    },
    detour: () => undefined,
    inside: () => [],
  })
  return {
    tree: curve,
    space,
    nodes,
    rootUsesNode: false,
    splitEdge: withoutDecay,
    drawArgument: (node, random) => drawArgument(space, nodes, node, random),
    replace: (node, changed) => replaceAll(curve, node.expression, changed),
  }
}

const withoutDecay = (value: Expression) => ({ decay: undefined, value })

/**
 * A new argument of a node, drawn as for a new curve: the root uses a hidden node with the space's probability and else
 * any operand or hidden node; a hidden node draws as in a rule. A hidden node that the root does not reach is nowhere in
 * the expression, so a new one takes its place.
 */
function drawArgument(
  space: NodeSpace,
  nodes: readonly GraphNode[],
  node: GraphNode,
  random: Random,
): Expression | 'cycle' {
  const [root, ...hidden] = nodes
  const others = hidden.filter((other) => other !== node)
  const places = Math.max(space.hidden, hidden.length) - (node === root ? 0 : 1)
  const nodeAt = (place: number): Expression | 'cycle' => {
    const known = others[place]?.expression
    if (known === undefined) return drawCurveNode(space, random, [])
    return occurrences(known, node.expression).size > 0 ? 'cycle' : copy(known)
  }
  if (places > 0 && random.chance(space.reuse)) return nodeAt(random.integer(places))
  if (node !== root) return copy(random.pick(space.operands))
  const index = random.integer(space.operands.length + places)
  const operand = space.operands[index]
  return operand === undefined ? nodeAt(index - space.operands.length) : copy(operand)
}

function occurrences(tree: Node, wanted: Node): ReadonlySet<Node> {
  const found = new Set<Node>()
  visit(tree, { enter: (node) => void (equal(node, wanted) && found.add(node)) })
  return found
}

/** The curve with a node changed for all its users. */
function replaceAll(curve: Expression, wanted: Expression, changed: Expression): Expression {
  const places = occurrences(curve, wanted)
  return transform<Node>(curve, (node) => (places.has(node) ? copy(changed) : node)) as Expression
}

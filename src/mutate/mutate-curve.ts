import type { MutationRates, NodeSpace } from './space/space.ts'
import type { Random } from '../operators/random.ts'
import type { Expression, Node } from '../syntax/ast.ts'
import { equal, transform, visit } from '../syntax/traverse.ts'
import { changeArity, changeOperator, type CurveFailure } from './change-node.ts'
import { drawRate } from './choose.ts'
import { curveNodes, type CurveNode } from './curve.ts'
import { drawCurveNode } from './sample.ts'
import { copy, fill } from './template.ts'

/**
 * A curve with another operator, another argument or another number of arguments at one of its nodes. It never has more
 * nodes than the space's hidden ones and a root, unless the one before had.
 */
export function mutateCurve(
  space: NodeSpace,
  rates: MutationRates,
  curve: Expression,
  random: Random,
): Expression | CurveFailure {
  const nodes = curveNodes(space, curve) ?? []
  if (nodes.length === 0) return 'no-node'
  const site = random.pick(nodes)
  const kind = drawRate(rates, random)
  if (kind === 'operator') {
    const changed = changeOperator(space, site, random)
    return changed === undefined ? 'no-change' : replaceSite(curve, site, changed)
  }
  if (kind === 'connection') {
    const changed = changeConnection(space, rates, nodes, site, random)
    return typeof changed === 'string' ? changed : replaceSite(curve, site, changed)
  }
  const changed = changeArity(space, site, random, {
    draw: (other) => {
      const drawn = drawArgument(space, nodes, site, random)
      return typeof drawn !== 'string' && equal(drawn, other) ? 'same-arguments' : drawn
    },
    isKept: () => true,
  })
  return typeof changed === 'string' ? changed : replaceSite(curve, site, changed)
}

function changeConnection(
  space: NodeSpace,
  rates: MutationRates,
  nodes: readonly CurveNode[],
  site: CurveNode,
  random: Random,
): Expression | CurveFailure {
  const { arguments: arguments_, template } = site
  if (arguments_.length === 2 && random.chance(rates.swap))
    return fill(template, [...arguments_].reverse())
  const index = random.integer(arguments_.length)
  const drawn = drawArgument(space, nodes, site, random)
  if (typeof drawn === 'string') return drawn
  if (equal(drawn, arguments_[index]!)) return 'no-change'
  if (arguments_.some((argument) => equal(argument, drawn))) return 'same-arguments'
  return fill(
    template,
    arguments_.map((argument, at) => (at === index ? drawn : argument)),
  )
}

/**
 * A new argument of a node, drawn as for a new curve: the root uses a hidden node with the space's probability and else
 * any operand or hidden node; a hidden node draws as in a rule. A hidden node that the root does not reach is nowhere in
 * the expression, so a new one takes its place.
 */
function drawArgument(
  space: NodeSpace,
  nodes: readonly CurveNode[],
  site: CurveNode,
  random: Random,
): Expression | CurveFailure {
  const [root, ...hidden] = nodes
  const others = hidden.filter((node) => node !== site)
  const places = Math.max(space.hidden, hidden.length) - (site === root ? 0 : 1)
  const nodeAt = (place: number): Expression | CurveFailure => {
    const known = others[place]?.expression
    if (known === undefined) return drawCurveNode(space, random, [])
    return containsEqual(known, site.expression) ? 'cycle' : copy(known)
  }
  if (places > 0 && random.chance(space.reuse)) return nodeAt(random.integer(places))
  if (site !== root) return copy(random.pick(space.operands))
  const index = random.integer(space.operands.length + places)
  const operand = space.operands[index]
  return operand === undefined ? nodeAt(index - space.operands.length) : copy(operand)
}

function containsEqual(tree: Node, wanted: Node): boolean {
  return occurrences(tree, wanted).size > 0
}

function occurrences(tree: Node, wanted: Node): ReadonlySet<Node> {
  const found = new Set<Node>()
  visit(tree, { enter: (node) => void (equal(node, wanted) && found.add(node)) })
  return found
}

/** The curve with a node changed for all its users. */
function replaceSite(curve: Expression, site: CurveNode, changed: Expression): Expression {
  const places = occurrences(curve, site.expression)
  return transform<Node>(curve, (node) => (places.has(node) ? copy(changed) : node)) as Expression
}

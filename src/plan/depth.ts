import { operands } from '../ir/build.ts'
import type { GraphNode } from '../ir/graph.ts'
import { isLeaf } from './order.ts'

/**
 * How many operators deep a value may be written. Python reads 200 brackets inside one another, of which an operator takes up to
 * four, and what goes down an expression by calling itself (parsers, formatters, printers) ends somewhere, too.
 */
const MOST_LEVELS = 32

/** How far a walk down a graph may go by calling itself: stacks hold some ten thousand calls, and a level may take several. */
export const MOST_CALLS = 300

/**
 * The values among `nodes`, each of which stands behind its operands, that need a name of their own so that no expression is too
 * deep. `isName`: whether a node is written as a name in any case.
 */
export function deepValues(
  nodes: readonly GraphNode[],
  isName: (node: GraphNode) => boolean,
  most = MOST_LEVELS,
): ReadonlySet<GraphNode> {
  const deep = new Set<GraphNode>()
  const levels = new Map<GraphNode, number>()
  for (const node of nodes) {
    let level = 1
    for (const operand of operands(node)) level = Math.max(level, 1 + (levels.get(operand) ?? 0))
    if (isLeaf(node) || isName(node)) continue
    if (level < most) levels.set(node, level)
    else deep.add(node)
  }
  return deep
}

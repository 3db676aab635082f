import { operands, reachable } from '../../ir/build.ts'
import type { GraphNode } from '../../ir/graph.ts'
import type { ParameterPlan, PlannedStatement } from '../../plan/plan.ts'

/** Where the statements of a parameter read what has a name. */
export interface Uses {
  /**
   * Whether the statement at that place reads the value once and nothing reads it afterwards, so that it can be overwritten:
   * a state that the statement assigns, or one of the values in `made`, which have a tensor of their own.
   */
  isSpent(node: GraphNode, at: number, made: ReadonlySet<GraphNode>): boolean
}

/** The uses in the statements of a plan. */
export function createUses({ statements }: ParameterPlan): Uses {
  const named = new Set(statements.flatMap((each) => (definesName(each) ? [each.node] : [])))
  const counts = statements.map((each) => countReads(valueOf(each), each, named))
  const last = new Map<GraphNode, number>()
  counts.forEach((count, at) => {
    for (const node of count.keys()) last.set(node, at)
  })
  return {
    isSpent: (node, at, made) => {
      const statement = statements[at]
      if (statement === undefined || counts[at]!.get(node) !== 1) return false
      if (node.kind === 'state')
        return statement.kind === 'assign' && statement.state === node.index
      return made.has(node) && last.get(node) === at
    },
  }
}

/** Whether a name stands for the value from the statement on. */
const definesName = (each: PlannedStatement): boolean =>
  each.kind === 'let' || (each.kind === 'assign' && each.stands)

const valueOf = (each: PlannedStatement): GraphNode =>
  each.kind === 'assign' ? each.value : each.node

/** How often the text of a statement names each state and each value with a name. */
function countReads(
  root: GraphNode,
  statement: PlannedStatement,
  named: ReadonlySet<GraphNode>,
): ReadonlyMap<GraphNode, number> {
  const found = new Map<GraphNode, number>()
  const times = new Map<GraphNode, number>([[root, 1]])
  // From users to what they use: a value is written out for each use.
  for (const node of [...reachable([root])].reverse()) {
    const count = times.get(node) ?? 0
    if (count === 0) continue
    const isOwn = node === root && definesName(statement)
    if (node.kind === 'state' || (named.has(node) && !isOwn)) {
      found.set(node, (found.get(node) ?? 0) + count)
      continue
    }
    for (const operand of operands(node)) times.set(operand, (times.get(operand) ?? 0) + count)
  }
  return found
}

import { operands, reachable } from '../../ir/build.ts'
import type { GraphNode } from '../../ir/graph.ts'
import type { Operator } from '../../operators/operator.ts'
import { productOperator } from '../../operators/table.ts'
import type { ParameterPlan } from '../plan.ts'

const isSum = ({ role }: Operator): boolean => role === 'addition' || role === 'subtraction'

/** Products that only a sum or difference reads: its loop works them out on the way. Averages are made of them. */
export function insideSums(
  plans: readonly ParameterPlan[],
  isNumber: (node: GraphNode) => boolean,
): ReadonlySet<GraphNode> {
  const roots = plans.flatMap(({ statements, states }) => [
    ...statements.map(({ node }) => node),
    ...states.map(({ initial }) => initial),
  ])
  const inside = new Set<GraphNode>()
  const read = new Set<GraphNode>(roots)
  for (const node of reachable(roots)) {
    if (isNumber(node)) continue
    for (const argument of operands(node)) {
      const isProduct = argument.kind === 'apply' && argument.operator === productOperator
      if (!isProduct || isNumber(argument)) continue
      const isInSum = node.kind === 'apply' && isSum(node.operator) && node.arguments.length === 2
      if (isInSum && !read.has(argument)) inside.add(argument)
      else inside.delete(argument)
      read.add(argument)
    }
  }
  return inside
}

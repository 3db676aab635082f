import { operands, reachable } from '../ir/build.ts'
import type { GraphNode, ScheduleFunction } from '../ir/graph.ts'
import { deepValues } from './depth.ts'
import { suggestName } from './names.ts'
import { countUses, isLeaf } from './order.ts'
import { isCheapOnHost } from './parameter.ts'
import type { Named } from './plan.ts'

/** The numbers that a schedule or decay works out before its result, each after those it reads. */
export function planFunction({ body, names }: ScheduleFunction): readonly Named[] {
  const uses = countUses([body])
  const found = new Map<GraphNode, string>()
  const isNamed = (node: GraphNode): boolean => names.has(node)
  const nameKnown = (node: GraphNode): string | undefined =>
    node.kind === 'input' || node.kind === 'parameter' ? node.name : undefined
  const isShared = (node: GraphNode): boolean =>
    !isCheapOnHost(node, isNamed) && (uses.get(node) ?? 1) > 1
  const deep = deepValues(reachable([body]), (node) => isNamed(node) || isShared(node))
  const collect = (node: GraphNode, user: GraphNode | undefined): void => {
    if (isLeaf(node) || found.has(node)) return
    const deserves = node !== body && (isNamed(node) || isShared(node) || deep.has(node))
    operands(node).forEach((operand) => collect(operand, node))
    if (deserves) found.set(node, names.get(node) ?? suggestName(node, user, nameKnown, true))
  }
  collect(body, undefined)
  return [...found].map(([node, name]) => ({ node, name }))
}

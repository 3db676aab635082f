import type { GraphNode } from './graph.ts'

/** The value of a node that is known when compiling; NaN for any other. */
export function foldConstant(node: GraphNode): number {
  if (node.kind === 'constant') return node.value
  if (node.kind !== 'apply' || node.operator.kind !== 'elementwise') return NaN
  return node.operator.meaning(...node.arguments.map(foldConstant))
}

import { isHostStage } from '../operators/stage.ts'
import type { GraphNode } from './graph.ts'

const known = new WeakMap<GraphNode, boolean>()

/**
 * Whether a node is a number that is known before the gradient, for the run or for a parameter: the host works it out, in
 * 64 bits. `lr * sqrt(size(w))` is one, `lr * norm(g)` is not.
 */
export function isHostNumber(node: GraphNode): boolean {
  if (isHostStage(node.stage) || node.stage === 'shape') return true
  if (node.kind !== 'apply' || node.stage === 'tensor' || node.operator.kind !== 'elementwise')
    return false
  const found = known.get(node)
  if (found !== undefined) return found
  const result = node.arguments.every(isHostNumber)
  known.set(node, result)
  return result
}

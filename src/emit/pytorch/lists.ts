import { reachable } from '../../ir/build.ts'
import type { GraphNode } from '../../ir/graph.ts'
import { leavesOf } from '../../plan/choice.ts'
import type { ParameterPlan, StepPlan } from '../../plan/plan.ts'
import type { Types } from '../../ir/analysis/analyze.ts'
import { isFull, isTensor, picksOnHost } from '../tensors.ts'
import { spellingOf } from './spellings.ts'

/**
 * Whether what is done for one parameter can be done, to the same bits, for many at once: all of it is arithmetic on tensors
 * shaped like the parameter, and numbers that are the same for all parameters of a shape.
 */
export function takesLists({ parameter, types, told, rounds }: StepPlan): boolean {
  if (told.size > 0 || rounds.length > 0) return false
  return leavesOf(parameter).every((leaf) => isListed(leaf, types))
}

function isListed({ statements, states }: ParameterPlan, types: Types): boolean {
  const isElements = (node: GraphNode): boolean =>
    isTensor(types, node) && types.placementOf(node).extent === 'element' && isFull(node, types)
  if (states.some(({ index }) => types.stateOf(index).extent !== 'element')) return false
  const roots = statements.flatMap((each) => (each.kind === 'assign' ? [each.value] : [each.node]))
  const results = statements.flatMap((each) =>
    each.kind === 'assign' ? [each.value] : each.kind === 'update' ? [each.node] : [],
  )
  if (!results.every(isElements)) return false
  // One side of a choice on the host may be a number.
  const isOperand = (node: GraphNode): boolean =>
    !isTensor(types, node) ||
    isElements(node) ||
    node.kind !== 'apply' ||
    (picksOnHost(node, types) && node.arguments.slice(1).every(isOperand))
  return reachable(roots).every((node) => {
    if (node.kind !== 'apply' || !isTensor(types, node)) return true
    if (picksOnHost(node, types)) return isOperand(node)
    return (
      isElements(node) &&
      node.arguments.every(isOperand) &&
      spellingOf(node.operator).takesLists === true
    )
  })
}

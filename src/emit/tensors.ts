import type { Types } from '../ir/analysis/analyze.ts'
import { memoized } from '../ir/analysis/placement.ts'
import type { ApplyNode, GraphNode } from '../ir/graph.ts'
import { choiceOperator } from '../operators/table.ts'
import { isHost, isOwnMatrix, type Extent } from '../operators/type.ts'

/** Whether emitted code holds the value in a tensor, rather than in a number of the host. */
export function isTensor({ placementOf }: Types, node: GraphNode): boolean {
  return !isHost(placementOf(node))
}

/** Whether the node is an operator on matrices that gives one number for each element. */
export function isMatrixOfElements(node: GraphNode, { placementOf }: Types): node is ApplyNode {
  if (node.kind !== 'apply' || node.operator.kind !== 'matrix') return false
  return placementOf(node).extent === 'element'
}

/** What there must be one number of each for, where the operator counts numbers and no operand has all. */
export function elementsWanted(node: ApplyNode, types: Types): Extent | undefined {
  const { kind } = node.operator
  if (kind !== 'reduction' && kind !== 'random') return undefined
  const matrix = node.arguments
    .map((argument) => types.placementOf(argument).extent)
    .find(isOwnMatrix)
  const wanted = matrix ?? 'element'
  return node.arguments.some((argument) => isFull(argument, types, wanted)) ? undefined : wanted
}

/** Whether the node chooses by a condition on the host: the language of the host then picks the side, whatever the sides are. */
export function picksOnHost(node: GraphNode, types: Types): boolean {
  return (
    node.kind === 'apply' &&
    node.operator === choiceOperator &&
    node.arguments[0] !== undefined &&
    !isTensor(types, node.arguments[0])
  )
}

/**
 * Whether the emitted value has a number for each place of its extent, by default one for each element, rather than fewer
 * that stand for all.
 */
export function isFull(node: GraphNode, types: Types, extent: Extent = 'element'): boolean {
  const tests = fullness.get(types) ?? new Map<Extent, (node: GraphNode) => boolean>()
  fullness.set(types, tests)
  const test = tests.get(extent) ?? createFullness(types, extent)
  tests.set(extent, test)
  return test(node)
}

const fullness = new WeakMap<Types, Map<Extent, (node: GraphNode) => boolean>>()

function createFullness(types: Types, extent: Extent): (node: GraphNode) => boolean {
  return memoized((node, recurse) => {
    if (types.placementOf(node).extent !== extent) return false
    if (node.kind !== 'apply' || node.operator.kind === 'random') return true
    if (node.operator.kind === 'reduction' || node.operator.kind === 'matrix') return true
    return picksOnHost(node, types)
      ? node.arguments.slice(1).every(recurse)
      : node.arguments.some(recurse)
  })
}

/** Whether a value is a truth. */
export const isTruth = (node: GraphNode): boolean =>
  node.kind === 'apply' && node.operator.kind === 'elementwise' && node.operator.boolean === true

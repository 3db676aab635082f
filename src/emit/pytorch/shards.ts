import { operands, reachable } from '../../ir/build.ts'
import type { GraphNode } from '../../ir/graph.ts'
import { axisOf } from '../../operators/table.ts'
import type { ParameterPlan, Round, StepPlan } from '../../plan/plan.ts'

/**
 * Whether an element of a parameter changes by its own numbers, and those that all parameters share, alone: then shards of the
 * parameter can be updated each by itself.
 */
export function worksByElement({ parameter, types }: StepPlan): boolean {
  return (
    parameter.kind === 'leaf' &&
    parameter.leaf.states.every(({ index }) => types.stateOf(index).extent === 'element') &&
    areByElement(rootsIn(parameter.leaf))
  )
}

/** Whether what a round adds up is, for each parameter, a number over all elements of what is worked out by element. */
export function addsByElement({ parameter }: Round): boolean {
  return parameter.kind === 'leaf' && contributionsIn(parameter.leaf).every(isOverElements)
}

const isOverElements = (node: GraphNode): boolean =>
  node.kind === 'apply' &&
  node.operator.kind === 'reduction' &&
  axisOf(node.operator) === undefined &&
  areByElement(operands(node))

const contributionsIn = ({ statements }: ParameterPlan): readonly GraphNode[] =>
  statements.flatMap((each) => (each.kind === 'contribution' ? [each.node] : []))

const areByElement = (roots: readonly GraphNode[]): boolean =>
  reachable(roots).every((node) => {
    if (node.kind !== 'apply') return true
    const { operator } = node
    // Facts of the shape are other facts of a shard.
    const isTold = operator.kind === 'shape' && operator.restsOn !== undefined
    return operator.kind === 'elementwise' || isTold
  })

const rootsIn = ({ statements }: ParameterPlan): readonly GraphNode[] =>
  statements.flatMap((each) => (each.kind === 'assign' ? [each.value] : [each.node]))

import type { Types } from '../ir/analysis/analyze.ts'
import { operands, reachable } from '../ir/build.ts'
import type { ApplyNode, GraphNode } from '../ir/graph.ts'
import { isHost } from '../operators/type.ts'
import type { ParameterPlan } from './plan.ts'

/** What a state with that index is assigned. */
export interface Assigned {
  readonly index: number
  readonly node: GraphNode
}

/**
 * What is done for a parameter in ways through its elements, one after the other. Values of elements are worked out in the way
 * that reads them; each number of the parameter that they meet is there before the way begins.
 */
export interface Loops {
  /** The ways that only read: the reductions that each accumulates, which rest on those of the ways before. */
  readonly reduce: readonly (readonly ApplyNode[])[]
  /** The last way, which writes the parameter and its states of one number for each element. */
  readonly map: { readonly update: GraphNode; readonly states: readonly Assigned[] }
  /** The states that are one number for the parameter, written behind it. */
  readonly numbers: readonly Assigned[]
}

/**
 * The loops of a parameter's statements. All states are read as they were before the step: a statement under a guard counts as
 * the choice between its value and what there was. Only for programs without axes, matrices and totals.
 */
export function loopsOf({ statements }: ParameterPlan, { placementOf, stateOf }: Types): Loops {
  const update = statements.find(({ kind }) => kind === 'update')!.node
  const assigned = statements.flatMap((statement): Assigned[] =>
    statement.kind === 'assign' ? [{ index: statement.state, node: statement.node }] : [],
  )
  const reduce: ApplyNode[][] = []
  const depths = new Map<GraphNode, number>()
  for (const node of reachable([update, ...assigned.map((each) => each.node)])) {
    if (isHost(placementOf(node))) continue
    let depth = 0
    for (const operand of operands(node)) depth = Math.max(depth, depths.get(operand) ?? 0)
    if (node.kind === 'apply' && node.operator.kind === 'reduction') {
      reduce[depth] = [...(reduce[depth] ?? []), node]
      depth += 1
    }
    depths.set(node, depth)
  }
  const isOfElements = ({ index }: Assigned): boolean => stateOf(index).extent === 'element'
  return {
    reduce,
    map: { update, states: assigned.filter(isOfElements) },
    numbers: assigned.filter((each) => !isOfElements(each)),
  }
}

import { differenceOperator } from '../../operators/table.ts'
import type { Assign } from '../../syntax/ast.ts'
import { createDependence } from '../analysis/dependence.ts'
import { memoized } from '../analysis/placement.ts'
import { operands } from '../build.ts'
import type { Condition } from '../condition.ts'
import type { GraphNode } from '../graph.ts'
import { rebuild } from '../rewrite.ts'
import { lowerExpression } from './expressions.ts'
import type { Lowering, PendingEvaluation } from './lowering.ts'
import { choose, numberOf } from './statements.ts'

/** What `evaluate = ...` of an optimizer has become. */
export interface LoweredEvaluation {
  /**
   * The weights to evaluate with, in terms of what there is after the step; what is not there is a hole. Undefined where they
   * are `w`.
   */
  readonly node?: GraphNode
  readonly statements: readonly LoweredStatement[]
  /** The parameter after the step, in terms of the step. */
  readonly weights: GraphNode
  /** A value of the step in terms of what there is after it; undefined where that is not there any more. */
  readonly afterStep: (node: GraphNode) => GraphNode | undefined
}

/** One `evaluate = ...`, its value in terms of the step. */
export interface LoweredStatement {
  readonly statement: Assign
  readonly node: GraphNode
  readonly condition: Condition | undefined
}

/**
 * Lowers `evaluate = ...` once everything else is. In it `w` is what the step makes of the parameter and a state's name what
 * the step makes of the state, wherever the statement stands; functions that it calls may keep states, which change with the
 * step: their bodies are part of it, with the parameter before it as `w`. That is a value of the step, and it is kept as one of what is there after the step: where it is the new
 * parameter or the new value of a state, these are read. A choice that says nothing on one of its sides gives `w` there.
 */
export function lowerEvaluation(
  lowering: Lowering,
  update: GraphNode,
): LoweredEvaluation | undefined {
  const { graph, evaluations } = lowering
  if (evaluations.length === 0) return undefined
  const weights = graph.apply(differenceOperator, [graph.input('w'), update])
  const statements = evaluations.map((pending) => lowerStatement(lowering, pending, weights))
  const afterStep = createAfterStep(lowering, weights)
  let node: GraphNode = graph.input('w')
  for (const { node: value, condition } of statements) {
    const other = node
    node = afterStep(value) ?? graph.hole()
    for (let each = condition; each !== undefined; each = each.above) {
      const test = afterStep(each.node) ?? graph.hole()
      node = each.truth ? choose(lowering, test, node, other) : choose(lowering, test, other, node)
    }
  }
  return { ...(isParameter(node) ? {} : { node }), statements, weights, afterStep }
}

function lowerStatement(
  lowering: Lowering,
  { statement, frame, environment }: PendingEvaluation,
  weights: GraphNode,
): LoweredStatement {
  const names = new Map(environment).set('w', weights)
  for (const [state, { next }] of frame.instances) names.set(state, next)
  const node = lowerExpression(lowering, frame, statement.value, names)
  return { statement, node: numberOf(lowering, node), condition: frame.condition }
}

function createAfterStep(
  { graph, instances }: Lowering,
  weights: GraphNode,
): (node: GraphNode) => GraphNode | undefined {
  const kept = new Map<GraphNode, GraphNode>()
  for (const { next, index } of instances) if (!kept.has(next)) kept.set(next, graph.state(index))
  kept.set(weights, graph.input('w'))
  const isOfStep = createDependence([], isSource)
  const answer = memoized<GraphNode | null>((node, recurse) => {
    if (!isOfStep(node)) return node
    const known = kept.get(node)
    if (known !== undefined) return known
    if (isSource(node)) return null
    const arguments_: GraphNode[] = []
    for (const operand of operands(node)) {
      const argument = recurse(operand)
      if (argument === null) return null
      arguments_.push(argument)
    }
    return rebuild(graph, node, arguments_)
  })
  return (node) => answer(node) ?? undefined
}

const isParameter = (node: GraphNode): boolean => node.kind === 'input' && node.name === 'w'

/** Whether the node is something that a step begins with, or that only the step draws or puts together. */
function isSource(node: GraphNode): boolean {
  return (
    node.kind === 'state' ||
    isParameter(node) ||
    (node.kind === 'input' && node.name === 'g') ||
    (node.kind === 'apply' && (node.operator.kind === 'random' || node.operator.kind === 'global'))
  )
}

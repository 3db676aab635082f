import { createDependence } from '../../ir/analysis/dependence.ts'
import { operands } from '../../ir/build.ts'
import type { GraphNode, Program } from '../../ir/graph.ts'
import type { LoweredEvaluation, LoweredStatement } from '../../ir/lowering/evaluation.ts'
import type { LoweredOptimizer } from '../../ir/lowering/lower.ts'
import type { Expression } from '../../syntax/ast.ts'
import { finding, type Finding } from '../findings.ts'

/** That what an optimizer is evaluated with is there between steps, and is not what it would be without saying so. */
export function checkEvaluation(
  { evaluation, body, program }: LoweredOptimizer,
  withWarnings: boolean,
): readonly Finding[] {
  if (evaluation === undefined) return []
  return evaluation.statements.flatMap((each) => [
    ...ofStep(each.statement.value, evaluation, body).map((part) =>
      readsStep(part, each, evaluation, body, program),
    ),
    ...conditionsOf(each, evaluation, body.path),
    ...(withWarnings ? pointless(each, evaluation, body.path) : []),
    ...(withWarnings ? withoutWeights(each, program, body.path) : []),
  ])
}

/** The smallest parts of the expression that are there within a step alone. */
function ofStep(
  expression: Expression,
  { afterStep }: LoweredEvaluation,
  { occurrences }: LoweredOptimizer['body'],
): readonly Expression[] {
  const find = (part: Expression): readonly Expression[] => {
    const occurrence = occurrences.get(part)
    if (occurrence === undefined || afterStep(occurrence.node) !== undefined) return []
    if (isGlobal(occurrence.node) && part.kind === 'call') return [part]
    const inner = occurrence.operands.flatMap((operand) =>
      operand.expression === undefined ? [] : find(operand.expression),
    )
    return inner.length > 0 ? inner : [part]
  }
  return find(expression)
}

function readsStep(
  part: Expression,
  { statement, condition }: LoweredStatement,
  evaluation: LoweredEvaluation,
  { path, occurrences }: LoweredOptimizer['body'],
  program: Program,
): Finding {
  const { span } = part
  const isGradient = part.kind === 'name' && part.name === 'g'
  const ground = groundOf(occurrences.get(part)!.node, evaluation, program)
  const what =
    part.kind === 'name'
      ? `\`${part.name}\``
      : part.kind === 'call'
        ? `what \`${part.callee.name}\` gives here`
        : 'this'
  const kept = part.kind === 'name' ? `kept_${part.name}` : undefined
  const { start } = statement.span
  return finding('evaluate-reads-step', false, {
    path,
    span,
    message: isGradient
      ? '`evaluate` cannot use `g`: it is worked out between steps, where there is no gradient'
      : `\`evaluate\` is worked out between steps, and ${what} rests on ${ground}`,
    label: isGradient ? 'the gradient of a step' : 'there within a step only',
    help:
      kept === undefined
        ? `keep it: assign it to a \`state\`, and use that${ground === ALL ? '; there `w` is the parameter before the step' : ''}`
        : `keep it: \`state ${kept} = 0\`, then \`${kept} = ${(part as { name: string }).name}\`, and use \`${kept}\``,
    ...(kept !== undefined &&
      condition === undefined && {
        fix: {
          title: 'keep it in a state',
          edits: [
            {
              span: { start, end: start },
              text: `state ${kept} = 0\n${kept} = ${(part as { name: string }).name}\n`,
            },
            { span, text: kept },
          ],
        },
      }),
  })
}

const ALL = 'all parameters, which only a step goes through'

const isGlobal = (node: GraphNode): boolean =>
  node.kind === 'apply' && node.operator.kind === 'global'

/** What of a step a value rests on, in words. */
function groundOf(root: GraphNode, { afterStep }: LoweredEvaluation, { states }: Program): string {
  const found = new Set<GraphNode>()
  const pending = [root]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (found.has(node) || afterStep(node) !== undefined) continue
    found.add(node)
    pending.push(...operands(node))
  }
  const leaves = [...found]
  if (leaves.some(isGlobal)) return ALL
  const has = (name: 'g' | 'w'): boolean =>
    leaves.some((each) => each.kind === 'input' && each.name === name)
  if (has('g')) return 'the gradient'
  if (has('w')) return '`w` before the step'
  const state = leaves.find((each) => each.kind === 'state')
  return state === undefined
    ? 'random numbers of a step'
    : `\`${states[state.index]!.name}\` before the step`
}

/** That an `if` around an `evaluate` asks for something that is there within a step alone. */
function conditionsOf(
  { statement, condition }: LoweredStatement,
  { afterStep }: LoweredEvaluation,
  path: string,
): readonly Finding[] {
  for (let each = condition; each !== undefined; each = each.above) {
    if (afterStep(each.node) !== undefined) continue
    return [
      finding('evaluate-reads-step', false, {
        path,
        span: statement.target.span,
        message:
          '`evaluate` is worked out between steps, and the `if` around it asks what was before the step',
        label: 'there within a step only',
        help: 'ask for the step `t`, or for the shape, or assign the states below the `if`',
      }),
    ]
  }
  return []
}

function pointless(
  { statement, node, condition }: LoweredStatement,
  { weights }: LoweredEvaluation,
  path: string,
): readonly Finding[] {
  if (node !== weights || condition !== undefined) return []
  return [
    finding('evaluate-no-effect', false, {
      path,
      span: statement.span,
      message: '`evaluate = w` says what is so without it',
      label: 'has no effect',
      help: 'remove it',
      fix: { title: 'remove it', edits: [{ span: statement.span, text: '' }] },
    }),
  ]
}

/** That what is evaluated is the same whatever was learned. */
function withoutWeights(
  { statement, node }: LoweredStatement,
  { states }: Program,
  path: string,
): readonly Finding[] {
  const isLearned = createDependence(
    states,
    (each) =>
      (each.kind === 'input' && (each.name === 'w' || each.name === 'g')) ||
      (each.kind === 'constant' && each.isHole === true),
  )
  if (isLearned(node)) return []
  return [
    finding('evaluate-ignores-weights', false, {
      path,
      span: statement.value.span,
      message: '`evaluate` gives weights that do not depend on what was learned',
      label: 'no `w` in it, not even through a state',
      help: 'use `w`, or a state that follows it',
    }),
  ]
}

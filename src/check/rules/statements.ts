import { isFromShape } from '../../ir/build.ts'
import type { Condition } from '../../ir/condition.ts'
import { isStepNumber, joinKnown } from '../../operators/type.ts'
import { EVALUATE, UPDATE } from '../../resolve/builtins.ts'
import type { Expression, State, Statement } from '../../syntax/ast.ts'
import { finding, type Finding } from '../findings.ts'
import { placementName } from '../placement-name.ts'
import type { Kind } from '../subject.ts'
import { maskAsNumber } from './arguments.ts'

/** What is wrong with the value a statement is given; `assigned`: whether the statement changes a state. */
export function checkStatement(
  statement: Exclude<Statement, { kind: 'if' }>,
  value: Kind,
  isWeights: boolean,
  assigned: boolean,
  path: string,
): readonly Finding[] {
  if (value.isUnknown) return []
  switch (statement.kind) {
    case 'let':
    case 'return':
      return []
    case 'assign': {
      const { name } = statement.target
      return value.isMask && (assigned || name === UPDATE || name === EVALUATE)
        ? [maskAsNumber(statement.value, `\`${name}\``, path)]
        : []
    }
    case 'state':
      return checkInitial(statement, value, isWeights, path)
  }
}

function checkInitial(
  state: State,
  value: Kind,
  isWeights: boolean,
  path: string,
): readonly Finding[] {
  const { name } = state.name
  if (value.isMask) return [maskAsNumber(state.value, `\`${name}\``, path)]
  if (isWeights || joinKnown(value.known, 'build') === 'build') return []
  const { span } = state.value
  return [
    finding('state-initial-value', value.isGuessed, {
      path,
      span,
      message: `\`${name}\` must start with a number or \`w\`, and this is ${placementName(value)}`,
      label: 'not known before the first step',
      help: 'start with a number, usually 0',
      fix: { title: 'start with 0', edits: [{ span, text: '0' }] },
    }),
  ]
}

/** A state that is declared where some steps do not come by: it would be there on some steps only. */
export function checkPlace(
  state: State,
  condition: Condition | undefined,
  path: string,
): readonly Finding[] {
  let isAlways = true
  for (let each = condition; each !== undefined; each = each.above)
    isAlways &&= isFromShape(each.node)
  if (isAlways) return []
  return [
    finding('state-misplaced', false, {
      path,
      span: state.span,
      message: `\`${state.name.name}\` is declared inside an \`if\` that is not on shapes`,
      label: 'only some steps would have this state',
      help: 'declare it above the `if`, and assign it inside',
    }),
  ]
}

/** Whether the condition of an `if` is one, and known before the gradient, from shapes or as one number for the run. */
export function checkCondition(
  { span }: Expression,
  condition: Kind,
  isShape: boolean,
  path: string,
): readonly Finding[] {
  if (condition.isUnknown) return []
  if (!condition.isMask) {
    return [
      finding('condition-not-boolean', condition.isGuessed, {
        path,
        span,
        message: '`if` wants a condition here, and this is a number',
        help: 'compare it with something: `rank(w) >= 2`',
      }),
    ]
  }
  if (isShape || isStepNumber(condition)) return []
  return [
    finding('if-on-values', condition.isGuessed, {
      path,
      span,
      message: `an \`if\` chooses by shapes, constants and the step, and this is ${placementName(condition)}`,
      label: 'not known from shapes, constants and the step',
      help: 'choose with `where(condition, a, b)`',
    }),
  ]
}

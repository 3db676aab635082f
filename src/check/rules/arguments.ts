import { fits } from '../../operators/type.ts'
import type { Expression } from '../../syntax/ast.ts'
import { finding, type Finding } from '../findings.ts'
import { placementName } from '../placement-name.ts'
import type { Site } from '../site.ts'
import type { Kind } from '../subject.ts'

/** Arguments of an operator that are comparisons where it wants numbers, numbers where it wants conditions, or known too late. */
export function checkArguments({ occurrence, kinds, path }: Site): readonly Finding[] {
  const { operator } = occurrence
  if (operator === undefined) return []
  const name = operator.fixity
    ? `\`${operator.fixity.symbol}\``
    : `\`${operator.callName ?? operator.name}\``
  return operator.parameters.flatMap((parameter, index): Finding[] => {
    const operand = kinds()[index]!
    if (operand.isUnknown) return []
    const { boolean = false, latest } = parameter
    const { span } = occurrence.operands[index]!.expression!
    const found: Finding[] = []
    if (boolean && !operand.isMask) found.push(notCondition(span, operand, name, path))
    if (!boolean && operand.isMask)
      found.push(maskAsNumber(occurrence.operands[index]!.expression!, name, path))
    if (latest !== undefined && !fits(operand, latest)) {
      found.push(
        finding('stage-too-late', operand.isGuessed, {
          path,
          span,
          message: `the ${parameter.name} of ${name} must be ${placementName(latest)}, and this is ${placementName(operand)}`,
          help: 'pass a number, a hyperparameter or a schedule',
        }),
      )
    }
    return found
  })
}

function notCondition(
  span: Expression['span'],
  operand: Kind,
  name: string,
  path: string,
): Finding {
  return finding('condition-not-boolean', operand.isGuessed, {
    path,
    span,
    message: `${name} wants a condition here, and this is a number`,
    help: 'compare it with something: `x > 0`',
  })
}

/** That a comparison stands where a number is wanted. */
export function maskAsNumber({ span }: Expression, place: string, path: string): Finding {
  return finding('boolean-as-number', false, {
    path,
    span,
    message: `${place} wants a number here, and this is a comparison`,
    help: 'turn it into numbers with `where(condition, 1, 0)`',
    fix: {
      title: 'turn it into 1 and 0',
      edits: [
        { span: { start: span.start, end: span.start }, text: 'where(' },
        { span: { start: span.end, end: span.end }, text: ', 1, 0)' },
      ],
    },
  })
}

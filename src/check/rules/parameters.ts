import { contains, showInterval } from '../../operators/interval.ts'
import { isEmpty } from '../../operators/interval-sets.ts'
import { parameterExpressions } from '../../resolve/expressions.ts'
import type { Expression, Parameter, Range } from '../../syntax/ast.ts'
import { finding, type Finding } from '../findings.ts'
import { placementName } from '../placement-name.ts'
import type { Kind } from '../subject.ts'
import { maskAsNumber } from './arguments.ts'

/** The numbers that the range and the default of a parameter stand for; NaN where there is none. */
interface Numbers {
  readonly low: number
  readonly high: number
  readonly default: number | undefined
}

/**
 * What is wrong with the range and the default of a parameter: whether they are constants that fit each other. `see` gives
 * what is known of its expressions.
 */
export function checkParameter(
  parameter: Parameter,
  numbers: Numbers,
  see: (expression: Expression) => Kind,
  path: string,
): readonly Finding[] {
  const wrong = parameterExpressions(parameter).flatMap((expression) =>
    checkConstant(expression, see(expression), path),
  )
  if (wrong.length > 0) return wrong
  const { range, default: value } = parameter
  if (range === undefined) return []
  const { low, high } = numbers
  const { lowOpen, highOpen } = range
  if (isEmpty({ low, high, lowOpen, highOpen }) || Number.isNaN(low) || Number.isNaN(high))
    return [emptyRange(range, low, high, path)]
  const declared = { low, high, lowOpen, highOpen, nan: false }
  const number = numbers.default
  if (value === undefined || number === undefined || contains(declared, number)) return []
  return [
    finding('default-out-of-range', false, {
      path,
      span: value.span,
      message: `the default ${String(number)} of \`${parameter.name.name}\` is not in its range`,
      label: `not in ${showInterval(declared)}`,
      help: 'change the default, or widen the range',
      related: [{ path, span: range.span, label: 'the range' }],
    }),
  ]
}

function emptyRange(
  { span, lowOpen, highOpen }: Range,
  low: number,
  high: number,
  path: string,
): Finding {
  const show = (from: number, to: number): string =>
    showInterval({ low: from, high: to, lowOpen, highOpen, nan: false })
  return finding('empty-range', false, {
    path,
    span,
    message: `no number is in \`${show(low, high)}\``,
    help:
      low > high
        ? 'the low end stands first'
        : 'an end with a round bracket is not part of the range',
    ...(low > high
      ? { fix: { title: 'swap the ends', edits: [{ span, text: show(high, low) }] } }
      : {}),
  })
}

function checkConstant(expression: Expression, operand: Kind, path: string): readonly Finding[] {
  if (operand.isUnknown) return []
  if (operand.isMask) return [maskAsNumber(expression, 'a parameter', path)]
  if (operand.known === 'constant') return []
  return [
    finding('not-constant', false, {
      path,
      span: expression.span,
      message: `this must be a constant, and it is ${placementName(operand)}`,
      label: 'not known when compiling',
      help: 'write a number',
    }),
  ]
}

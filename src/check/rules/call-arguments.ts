import { PLACES } from '../../ir/analysis/placement.ts'
import type { CallOccurrence } from '../../ir/lowering/occurrence.ts'
import { showInterval, type Interval } from '../../operators/interval.ts'
import { disjoint } from '../../operators/interval-sets.ts'
import { fits } from '../../operators/type.ts'
import { STEP } from '../../resolve/step-argument.ts'
import type { Expression, Parameter } from '../../syntax/ast.ts'
import { finding, type Finding } from '../findings.ts'
import { placementName } from '../placement-name.ts'
import type { Operand } from '../subject.ts'
import { maskAsNumber } from './arguments.ts'

/** What is wrong with an argument of a function; `declared` is the interval that the parameter declares. */
export function checkCallArgument(
  { declaration }: CallOccurrence,
  parameter: Parameter,
  declared: Interval | undefined,
  expression: Expression,
  operand: Operand,
  path: string,
): Finding | undefined {
  if (operand.unknown) return undefined
  const { role } = declaration
  const name = `\`${declaration.name.name}\``
  const { span } = expression
  if (role !== 'fn' && operand.isMask) return maskAsNumber(expression, name, path)
  if (role !== 'fn' && !fits(operand, PLACES.step)) {
    return finding('stage-too-late', operand.guessedPlacement, {
      path,
      span,
      message: `${name} is a ${role}: its arguments must be ${placementName(PLACES.step)}, and this is ${placementName(operand)}`,
      help: 'pass a number, a hyperparameter or a schedule; for tensors declare a `fn`',
    })
  }
  if (role !== 'fn' && parameter === declaration.parameters[0] && fits(operand, PLACES.build)) {
    return finding('step-argument', operand.guessedPlacement, {
      path,
      span,
      message: `${name} takes the step first, and this is ${placementName(operand)}`,
      label: 'the same on every step',
      help: `pass \`${STEP}\` first`,
    })
  }
  if (declared === undefined || operand.isMask || !disjoint(operand.interval, declared))
    return undefined
  const exact = operand.interval.low === operand.interval.high
  return finding('argument-out-of-range', operand.guessedInterval, {
    path,
    span,
    message: `${name} wants \`${parameter.name.name}\` in ${showInterval(declared)}`,
    label: exact
      ? `this is ${String(operand.interval.low)}`
      : `this is in ${showInterval(operand.interval)}`,
    help: `pass a value in ${showInterval(declared)}`,
  })
}

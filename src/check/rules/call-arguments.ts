import { PLACES } from '../../ir/analysis/placement.ts'
import type { CallOccurrence } from '../../ir/lowering/occurrence.ts'
import { showInterval, type Interval } from '../../operators/interval.ts'
import { disjoint } from '../../operators/interval-sets.ts'
import { fits } from '../../operators/type.ts'
import { STEP } from '../../resolve/step-argument.ts'
import type { Expression, Parameter } from '../../syntax/ast.ts'
import { finding, type Finding } from '../findings.ts'
import { placementName } from '../placement-name.ts'
import type { Kind, Numbers } from '../subject.ts'
import { maskAsNumber } from './arguments.ts'

/** What is wrong with an argument of a function; `declared` is the interval that the parameter declares. */
export function checkCallArgument(
  { declaration }: CallOccurrence,
  parameter: Parameter,
  declared: Interval | undefined,
  expression: Expression,
  kind: Kind,
  numbers: () => Numbers,
  path: string,
): Finding | undefined {
  if (kind.isUnknown) return undefined
  const { role } = declaration
  const name = `\`${declaration.name.name}\``
  const { span } = expression
  if (role !== 'fn' && kind.isMask) return maskAsNumber(expression, name, path)
  if (role !== 'fn' && !fits(kind, PLACES.step)) {
    return finding('stage-too-late', kind.isGuessed, {
      path,
      span,
      message: `${name} is a ${role}: its arguments must be ${placementName(PLACES.step)}, and this is ${placementName(kind)}`,
      help: 'pass a number, a hyperparameter or a schedule; for tensors declare a `fn`',
    })
  }
  if (role !== 'fn' && parameter === declaration.parameters[0] && fits(kind, PLACES.build)) {
    return finding('step-argument', kind.isGuessed, {
      path,
      span,
      message: `${name} takes the step first, and this is ${placementName(kind)}`,
      label: 'the same on every step',
      help: `pass \`${STEP}\` first`,
    })
  }
  if (declared === undefined || kind.isMask) return undefined
  const { interval, guessed } = numbers()
  if (!disjoint(interval, declared)) return undefined
  return finding('argument-out-of-range', guessed, {
    path,
    span,
    message: `${name} wants \`${parameter.name.name}\` in ${showInterval(declared)}`,
    label:
      interval.low === interval.high
        ? `this is ${String(interval.low)}`
        : `this is in ${showInterval(interval)}`,
    help: `pass a value in ${showInterval(declared)}`,
  })
}

import { PLACES } from '../../ir/analysis/placement.ts'
import { fits } from '../../operators/type.ts'
import { STEP } from '../../resolve/step-argument.ts'
import type { Expression } from '../../syntax/ast.ts'
import { finding, type Finding } from '../findings.ts'
import { placementName } from '../placement-name.ts'
import { outOfRange, type Called } from './argument-range.ts'
import { maskAsNumber } from './arguments.ts'

/** What is wrong with the argument of a function at `index`, written as `expression`. */
export function checkCallArgument(
  called: Called,
  index: number,
  expression: Expression,
): Finding | undefined {
  const { site, call } = called
  const { declaration } = call
  const { path } = site
  const kind = site.kinds()[index]!
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
  if (role !== 'fn' && index === 0 && fits(kind, PLACES.build)) {
    return finding('step-argument', kind.isGuessed, {
      path,
      span,
      message: `${name} takes the step first, and this is ${placementName(kind)}`,
      label: 'the same on every step',
      help: `pass \`${STEP}\` first`,
    })
  }
  const found = outOfRange(called, index)
  return (
    found && finding('argument-out-of-range', site.operand(index).guessed, { path, span, ...found })
  )
}

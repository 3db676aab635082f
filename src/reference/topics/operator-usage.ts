import type { Operator } from '../../operators/operator.ts'
import { isWord, writtenArguments } from '../../operators/table.ts'

/** How a program writes the operator: `a + b`, `clip(x, low, high)`. */
export function usage(
  operator: Operator,
  arguments_: readonly string[] = operator.parameters.map(({ name }) => name),
): string {
  const { fixity, callName, name } = operator
  if (fixity === undefined)
    return `${callName ?? name}(${writtenArguments(operator, arguments_).join(', ')})`
  return fixity.position === 'prefix'
    ? `${fixity.symbol}${isWord(fixity) ? ' ' : ''}${arguments_[0]}`
    : arguments_.join(` ${fixity.symbol} `)
}

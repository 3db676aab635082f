import type { Operator } from '../operators/operator.ts'
import { findOperator, operatorByName } from '../operators/table.ts'
import type { Expression } from '../syntax/ast.ts'
import { axisArgument } from '../syntax/axis-argument.ts'
import { parseExpression } from '../syntax/parse-expression.ts'

/** An expression over variables: a side of a law, or a definition. Equal variables stand for equal nodes. */
export type Pattern =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'apply'; readonly operator: Operator; readonly arguments: readonly Pattern[] }

/** The pattern that a text of the compiler itself writes. Throws an Error where it writes none. */
export function readPattern(text: string): Pattern {
  const { value, diagnostics } = parseExpression({ path: 'pattern', text })
  if (diagnostics.length > 0) throw new Error(`${text} cannot be read: ${diagnostics[0]!.message}`)
  return patternOf(value)
}

function patternOf(expression: Expression): Pattern {
  switch (expression.kind) {
    case 'number':
      return { kind: 'constant', value: expression.value }
    case 'name':
      return { kind: 'variable', name: expression.name }
    case 'unary': {
      const operand = patternOf(expression.operand)
      if (operand.kind === 'constant') return { kind: 'constant', value: -operand.value }
      return { kind: 'apply', operator: operatorByName(expression.operator), arguments: [operand] }
    }
    case 'binary':
      return {
        kind: 'apply',
        operator: operatorByName(expression.operator),
        arguments: [patternOf(expression.left), patternOf(expression.right)],
      }
    case 'call': {
      const { callee } = expression
      const { over, others: arguments_ } = axisArgument(expression)
      const operator = findOperator(callee.name, arguments_.length, over?.axis)
      if (operator === undefined) throw new Error(`${callee.name} is no operator`)
      return {
        kind: 'apply',
        operator,
        arguments: arguments_.map((argument) => patternOf(argument.value)),
      }
    }
    case 'missing':
      throw new Error('an expression has a hole')
  }
}

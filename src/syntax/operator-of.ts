import type { Operator, Role } from '../operators/operator.ts'
import { operators } from '../operators/table.ts'
import type { Binary, Expression, Unary } from '../syntax/ast.ts'

const rows = new Map(operators.map((operator) => [operator.name, operator]))

/** The row of an infix or prefix expression; undefined when there is none, as in a tree that no parser made. */
export function operatorOf({ operator }: Unary | Binary): Operator | undefined {
  return rows.get(operator)
}

/** What the operator of an expression is in algebra: `sum` for `a + b`; undefined for names, numbers and calls. */
export function roleOf(expression: Expression): Role | undefined {
  if (expression.kind !== 'binary' && expression.kind !== 'unary') return undefined
  return operatorOf(expression)?.role
}

/** How tightly an infix or prefix expression binds; 0 for any other, which never needs brackets. */
export function precedenceOf(expression: Expression): number {
  if (expression.kind !== 'binary' && expression.kind !== 'unary') return 0
  return operatorOf(expression)?.fixity?.precedence ?? 0
}

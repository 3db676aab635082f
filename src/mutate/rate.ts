import type { Space } from './space/space.ts'
import { negationOperator, productOperator, quotientOperator } from '../operators/table.ts'
import type { Expression } from '../syntax/ast.ts'
import { equal } from '../syntax/traverse.ts'
import type { BlockPath, Scope } from './scope.ts'
import { isCallOf } from './update.ts'

/** Where the learning rate stands in a program. */
export interface RateTests {
  /** Whether the expression is the learning rate: the space's, the hyperparameter `lr`, a `let` of it, or its factor. */
  readonly isRate: (expression: Expression, place: BlockPath) => boolean
  /** Whether the learning rate is a factor of the expression, or a factor of its dividend. */
  readonly isScaled: (expression: Expression, place: BlockPath) => boolean
}

/** Tests for the program of `scope`. `factor` is the name of its schedule, if it has one. */
export function createRateTests(space: Space, scope: Scope, factor: string | undefined): RateTests {
  const isRate = (
    expression: Expression,
    place: BlockPath,
    asked = new Set<Expression>(),
  ): boolean => {
    if (expression.kind !== 'name')
      return equal(expression, space.rate) || isCallOf(expression, factor)
    if (expression.name === 'lr') return true
    const [binding] = scope.resolve(expression.name, place)
    if (binding === undefined || asked.has(binding.value)) return false
    return isRate(binding.value, binding.place, asked.add(binding.value))
  }
  const isScaled = (expression: Expression, place: BlockPath): boolean => {
    if (isRate(expression, place)) return true
    if (expression.kind === 'unary')
      return expression.operator === negationOperator.name && isScaled(expression.operand, place)
    if (expression.kind !== 'binary') return false
    const { operator, left, right } = expression
    return operator === productOperator.name
      ? isScaled(left, place) || isScaled(right, place)
      : operator === quotientOperator.name && isScaled(left, place)
  }
  return { isRate: (expression, place) => isRate(expression, place), isScaled }
}

import { interval, joinIntervals, type Interval } from '../operators/interval.ts'
import type { Operator } from '../operators/operator.ts'
import type { Expression } from '../syntax/ast.ts'
import { roleOf } from './operator-of.ts'
import type { Tables } from '../resolve/resolved-module.ts'
import { sameExpression } from './same-expression.ts'
import type { Value } from './value.ts'

type Values = ReadonlyMap<Expression, Value>

/** What the shape of an expression says beyond the intervals of its operands: squares, averages with two weights, shares. */
export function knownFrom(
  tables: Tables,
  values: Values,
  { role, intervalOfSame }: Operator,
  arguments_: readonly Expression[],
): Interval | undefined {
  const [left, right] = arguments_
  if (left === undefined || right === undefined) return undefined
  const value = values.get(left)
  if (intervalOfSame !== undefined && value !== undefined && sameExpression(left, right, tables))
    return intervalOfSame(value.interval)
  if (role === 'multiplication') return productOf(tables, values, [left, right])
  if (role === 'division') return shareOf(tables, values, left, right)
  return role === 'addition' ? averageOf(tables, values, left, right) : undefined
}

/** The interval of `x / (x + c)` where x is never negative and c is positive: it grows with x and falls with c. */
function shareOf(
  tables: Tables,
  values: Values,
  x: Expression,
  sum: Expression,
): Interval | undefined {
  if (sum.kind !== 'binary' || roleOf(sum) !== 'addition') return undefined
  const rest = sameExpression(x, sum.left, tables)
    ? sum.right
    : sameExpression(x, sum.right, tables)
      ? sum.left
      : undefined
  const part = values.get(x)?.interval
  const other = rest && values.get(rest)?.interval
  if (part === undefined || other === undefined || !(part.low >= 0 && other.low > 0))
    return undefined
  const high = part.high === Infinity ? 1 : part.high / (part.high + other.low)
  return interval(part.low / (part.low + other.high), high)
}

const MOST_FACTORS = 16

/** That a product of squares and of factors that are never negative is not negative. */
function productOf(
  tables: Tables,
  values: Values,
  product: readonly Expression[],
): Interval | undefined {
  const factors = [...product]
  for (let index = 0; index < factors.length && factors.length < MOST_FACTORS;) {
    const pair = factorsOf(factors[index]!)[0]
    if (pair === undefined) index += 1
    else factors.splice(index, 1, ...pair)
  }
  let squares = 0
  for (let first = factors.pop(); first !== undefined; first = factors.pop()) {
    const factor = first
    const twin = factors.findIndex((other) => sameExpression(factor, other, tables))
    if (twin >= 0) {
      factors.splice(twin, 1)
      squares += 1
    } else if (!((values.get(factor)?.interval.low ?? -1) >= 0)) return undefined
  }
  return squares > 0 ? interval(0, Infinity) : undefined
}

/** The interval of `p * x + (1 - p) * y` where p is in [0, 1]: the value lies between x and y. */
function averageOf(
  tables: Tables,
  values: Values,
  left: Expression,
  right: Expression,
): Interval | undefined {
  const first = factorsOf(left)
  const second = factorsOf(right)
  for (const [weight, x] of first) {
    const p = values.get(weight)?.interval
    for (const [rest, y] of second) {
      if (!isComplement(tables, weight, rest) && !isComplement(tables, rest, weight)) continue
      const a = values.get(x)?.interval
      const b = values.get(y)?.interval
      if (p === undefined || a === undefined || b === undefined || !(p.low >= 0 && p.high <= 1))
        continue
      return joinIntervals(a, b)
    }
  }
  return undefined
}

function factorsOf(expression: Expression): readonly (readonly [Expression, Expression])[] {
  if (expression.kind !== 'binary' || roleOf(expression) !== 'multiplication') return []
  return [
    [expression.left, expression.right],
    [expression.right, expression.left],
  ]
}

/** Whether `rest` is written as 1 minus `weight`, or both are numbers that add to 1. */
function isComplement(tables: Tables, weight: Expression, rest: Expression): boolean {
  if (weight.kind === 'number' && rest.kind === 'number') return weight.value + rest.value === 1
  return (
    rest.kind === 'binary' &&
    roleOf(rest) === 'subtraction' &&
    rest.left.kind === 'number' &&
    rest.left.value === 1 &&
    sameExpression(rest.right, weight, tables)
  )
}

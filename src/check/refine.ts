import { interval, joinIntervals, type Interval } from '../operators/interval.ts'
import type { Operator } from '../operators/operator.ts'
import type { Expression } from '../syntax/ast.ts'
import { disjoint, narrow } from './intervals.ts'
import { type Value } from './value.ts'

/** That an expression lies in an interval, in a place that is reached only when a condition holds. */
export interface Refinement {
  readonly expression: Expression
  readonly interval: Interval
}

/** What each condition must be where an operator on conditions is `truth`; undefined where it may be either. */
export function truthsOf(operator: Operator, truth: boolean): readonly (boolean | undefined)[] {
  if (operator.kind !== 'elementwise') return []
  const { parameters, meaning } = operator
  return parameters.map((_, place) => {
    const possible = [true, false].filter((value) =>
      [true, false].some((other) => {
        const given = parameters.map((__, index) => Number(index === place ? value : other))
        return (meaning(...given) !== 0) === truth
      }),
    )
    return possible.length === 1 ? possible[0] : undefined
  })
}

/**
 * What `left OPERATOR right` being `truth` says of the side that is compared with a number. The operator's meaning is tried
 * below, at and above the number.
 */
export function refineBy(
  operator: Operator,
  sides: readonly [Expression, Expression],
  values: readonly [Value, Value],
  truth: boolean,
): Refinement | undefined {
  if (operator.kind !== 'elementwise' || operator.boolean !== true) return undefined
  const fixed = values[1].known === 'constant' ? 1 : 0
  const bound = values[fixed].interval
  const number = bound.low
  if (bound.low !== bound.high || !Number.isFinite(number)) return undefined
  const holds = (value: number): boolean => {
    const outcome = fixed === 1 ? operator.meaning(value, number) : operator.meaning(number, value)
    return (outcome !== 0) === truth
  }
  const nan = holds(NaN)
  const regions = [
    ...(holds(number - 1) ? [interval(-Infinity, number, { highOpen: true, nan })] : []),
    ...(holds(number) ? [interval(number, number, { nan })] : []),
    ...(holds(number + 1) ? [interval(number, Infinity, { lowOpen: true, nan })] : []),
  ]
  const before = values[1 - fixed]!.interval
  const left = regions
    .filter((region) => !disjoint(region, before))
    .map((region) => narrow(region, before))
  if (left.length === 0) return undefined
  return { expression: sides[1 - fixed]!, interval: left.reduce(joinIntervals) }
}

import { exactly, interval, type Interval } from '../../operators/interval.ts'
import { disjoint } from '../../operators/interval-sets.ts'
import type { Operator } from '../../operators/operator.ts'

/** Every value the operator gives for arguments in the intervals; a comparison is 1, 0 or both. */
export function rangeOf(operator: Operator, intervals: readonly Interval[]): Interval {
  const [a, b] = intervals
  if (
    operator.kind !== 'elementwise' ||
    operator.boolean !== true ||
    operator.parameters[0]?.boolean === true ||
    a === undefined ||
    b === undefined
  ) {
    return operator.interval(...intervals)
  }
  const outcomes = new Set([
    ...(a.low < b.high ? [operator.meaning(0, 1)] : []),
    ...(a.high > b.low ? [operator.meaning(1, 0)] : []),
    ...(disjoint(a, b) ? [] : [operator.meaning(0, 0)]),
    ...(a.nan || b.nan ? [operator.meaning(NaN, 0)] : []),
  ])
  const [only] = outcomes
  return outcomes.size === 1 && only !== undefined ? exactly(only) : interval(0, 1)
}

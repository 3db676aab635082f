import { interval, joinIntervals, type Interval } from '../../operators/interval.ts'
import { disjoint, narrow } from '../../operators/interval-sets.ts'
import type { ElementwiseOperator } from '../../operators/operator.ts'
import type { ApplyNode, GraphNode } from '../graph.ts'
import { factOf, type Fact } from './relation.ts'
import type { Value } from './value.ts'

/** What a condition being true, or false, says of the nodes it compares. */
export interface Learned {
  readonly node: GraphNode | undefined
  /** Where `node` is. */
  readonly interval: Interval
  readonly fact: Fact | undefined
}

/** What the comparison `condition` of sides with these values being `truth` says; undefined where it says nothing. */
export function learn(
  condition: ApplyNode,
  operator: ElementwiseOperator,
  values: readonly [Value, Value],
  truth: boolean,
): Learned | undefined {
  const [a, b] = values
  const [left, right] = condition.arguments as readonly [GraphNode, GraphNode]
  const isTrue = (x: number, y: number): boolean => (operator.meaning(x, y) !== 0) === truth
  const outcomes = { below: isTrue(0, 1), same: isTrue(0, 0), above: isTrue(1, 0) }
  const onRight = limitBy(b.interval, a.interval, (x, y) => isTrue(x, y))
  if (onRight !== undefined) return { node: left, interval: onRight, fact: undefined }
  const onLeft = limitBy(a.interval, b.interval, (x, y) => isTrue(y, x))
  if (onLeft !== undefined) return { node: right, interval: onLeft, fact: undefined }
  const { below, same, above } = outcomes
  const fact = below
    ? above
      ? undefined
      : factOf(b.relation, a.relation, !same)
    : above
      ? factOf(a.relation, b.relation, !same)
      : undefined
  return fact && { node: undefined, interval: a.interval, fact }
}

/**
 * Where a number of the interval `before` is when it is compared with the only number of `bound`: the meaning is tried below,
 * at and above it. Undefined where that is not one number.
 */
function limitBy(
  bound: Interval,
  before: Interval,
  holds: (value: number, bound: number) => boolean,
): Interval | undefined {
  const number = bound.low
  if (bound.low !== bound.high || bound.nan || !Number.isFinite(number)) return undefined
  const nan = holds(NaN, number)
  const regions = [
    ...(holds(number - 1, number) ? [interval(-Infinity, number, { highOpen: true, nan })] : []),
    ...(holds(number, number) ? [interval(number, number, { nan })] : []),
    ...(holds(number + 1, number) ? [interval(number, Infinity, { lowOpen: true, nan })] : []),
  ]
  const left = regions
    .filter((region) => !disjoint(region, before))
    .map((region) => narrow(region, before))
  return left.length === 0 ? undefined : left.reduce(joinIntervals)
}

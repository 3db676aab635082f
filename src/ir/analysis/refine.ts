import { interval, joinIntervals, type Interval } from '../../operators/interval.ts'
import { disjoint, narrow } from '../../operators/interval-sets.ts'
import type { ElementwiseOperator } from '../../operators/operator.ts'
import type { ApplyNode, GraphNode } from '../graph.ts'
import { factOf, formOf, type Fact } from './relation.ts'
import type { Value } from './value.ts'

/** What each condition must be where an operator on conditions is `truth`; undefined where it may be either. */
export function truthsOf(
  { parameters, meaning }: ElementwiseOperator,
  truth: boolean,
): readonly (boolean | undefined)[] {
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
  const fact = compared(condition, values, isTrue)
  const onRight = limitBy(b.interval, a.interval, (x, y) => isTrue(x, y))
  if (onRight !== undefined) return { node: left, interval: onRight, fact }
  const onLeft = limitBy(a.interval, b.interval, (x, y) => isTrue(y, x))
  if (onLeft !== undefined) return { node: right, interval: onLeft, fact }
  return fact && { node: undefined, interval: a.interval, fact }
}

/** Which side is the greater; undefined where that is not sure, or where an interval says it all. */
function compared(
  { arguments: sides }: ApplyNode,
  [a, b]: readonly [Value, Value],
  isTrue: (x: number, y: number) => boolean,
): Fact | undefined {
  const [left, right] = sides as readonly [GraphNode, GraphNode]
  const isPoint = ({ interval: range }: Value): boolean => range.low === range.high
  if ((isPoint(b) && a.relation === undefined) || (isPoint(a) && b.relation === undefined))
    return undefined
  const [below, same, above] = [isTrue(0, 1), isTrue(0, 0), isTrue(1, 0)]
  const isNumber = !a.interval.nan && !b.interval.nan
  if (below === above || (!isNumber && isTrue(NaN, NaN))) return undefined
  const forms = [a.relation ?? formOf(left), b.relation ?? formOf(right)] as const
  return below ? factOf(forms[1], forms[0], !same) : factOf(forms[0], forms[1], !same)
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

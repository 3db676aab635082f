import { interval, joinIntervals, type Interval } from '../../operators/interval.ts'
import type { Role } from '../../operators/operator.ts'
import type { ApplyNode, GraphNode } from '../graph.ts'

type IntervalOf = (node: GraphNode) => Interval

/** What the shape of an expression says beyond the intervals of its operands: squares, averages with two weights, shares. */
export function knownFrom(
  { operator, arguments: operands }: ApplyNode,
  intervalOf: IntervalOf,
): Interval | undefined {
  const [left, right] = operands
  if (left === undefined || right === undefined) return undefined
  const { role, intervalOfSame } = operator
  if (intervalOfSame !== undefined && left === right) return intervalOfSame(intervalOf(left))
  if (role === 'multiplication') return productOf(intervalOf, [left, right])
  if (role === 'division') return shareOf(intervalOf, left, right)
  return role === 'addition' ? averageOf(intervalOf, left, right) : undefined
}

const hasRole = (node: GraphNode, role: Role): node is ApplyNode =>
  node.kind === 'apply' && node.operator.role === role

/** The interval of `x / (x + c)` where x is never negative and c is positive: it grows with x and falls with c. */
function shareOf(intervalOf: IntervalOf, x: GraphNode, sum: GraphNode): Interval | undefined {
  if (!hasRole(sum, 'addition')) return undefined
  const [a, b] = sum.arguments as readonly [GraphNode, GraphNode]
  const rest = x === a ? b : x === b ? a : undefined
  if (rest === undefined) return undefined
  const part = intervalOf(x)
  const other = intervalOf(rest)
  if (!(part.low >= 0 && other.low > 0)) return undefined
  const high = part.high === Infinity ? 1 : part.high / (part.high + other.low)
  return interval(part.low / (part.low + other.high), high)
}

const MOST_FACTORS = 16

/** That a product of squares and of factors that are never negative is not negative. */
function productOf(intervalOf: IntervalOf, product: readonly GraphNode[]): Interval | undefined {
  const factors = [...product]
  for (let index = 0; index < factors.length && factors.length < MOST_FACTORS;) {
    const factor = factors[index]!
    if (hasRole(factor, 'multiplication')) factors.splice(index, 1, ...factor.arguments)
    else index += 1
  }
  let squares = 0
  for (let first = factors.pop(); first !== undefined; first = factors.pop()) {
    const twin = factors.indexOf(first)
    if (twin >= 0) {
      factors.splice(twin, 1)
      squares += 1
    } else if (!(intervalOf(first).low >= 0)) return undefined
  }
  return squares > 0 ? interval(0, Infinity) : undefined
}

/** The interval of `p * x + (1 - p) * y` where p is in [0, 1]: the value lies between x and y. */
function averageOf(
  intervalOf: IntervalOf,
  left: GraphNode,
  right: GraphNode,
): Interval | undefined {
  for (const [weight, x] of factorsOf(left)) {
    for (const [rest, y] of factorsOf(right)) {
      if (!isComplement(weight, rest) && !isComplement(rest, weight)) continue
      const p = intervalOf(weight)
      if (p.low >= 0 && p.high <= 1) return joinIntervals(intervalOf(x), intervalOf(y))
    }
  }
  return undefined
}

function factorsOf(node: GraphNode): readonly (readonly [GraphNode, GraphNode])[] {
  if (!hasRole(node, 'multiplication')) return []
  const [a, b] = node.arguments as readonly [GraphNode, GraphNode]
  return [
    [a, b],
    [b, a],
  ]
}

/** Whether `rest` is 1 minus `weight`, or both are numbers that add to 1. */
function isComplement(weight: GraphNode, rest: GraphNode): boolean {
  if (weight.kind === 'constant') return rest.kind === 'constant' && weight.value + rest.value === 1
  if (!hasRole(rest, 'subtraction')) return false
  const [one, subtracted] = rest.arguments
  return one?.kind === 'constant' && one.value === 1 && subtracted === weight
}

import { childKey, createRandom, rootKey } from '../operators/random.ts'
import { meanInterval, type MeanInterval } from '../tasks/mean-interval.ts'

/** Spearman's rank correlation of `count` pairs with the 95 % interval of a bootstrap; none for fewer than 5 pairs. */
export interface RankCorrelation {
  readonly value: number
  readonly interval: Interval | undefined
  readonly count: number
}

/** The ends of an interval of 95 %. */
export type Interval = readonly [low: number, high: number]

const RESAMPLES = 1000
const FEWEST_FOR_INTERVAL = 5

/**
 * The rank correlation of pairs (Spearman, 1904), ties sharing their mean rank; undefined for fewer than 3 pairs or where
 * one side is constant. The interval is the middle 95 % of 1,000 resamples (Efron, 1979), the same at every call.
 */
export function rankCorrelation(
  pairs: readonly (readonly [number, number])[],
): RankCorrelation | undefined {
  const value = spearman(pairs)
  const count = pairs.length
  if (count < 3 || value === undefined) return undefined
  return { value, interval: bootstrap(pairs, spearman), count }
}

/**
 * The middle 95 % of what `statistic` is on 1,000 resamples of `items` with replacement (Efron, 1979), the same at every call;
 * undefined for fewer than 5 items. Resamples that the statistic is undefined of do not count.
 */
export function bootstrap<Item>(
  items: readonly Item[],
  statistic: (items: readonly Item[]) => number | undefined,
): Interval | undefined {
  if (items.length < FEWEST_FOR_INTERVAL) return undefined
  const random = createRandom(childKey(rootKey(0), 'bootstrap'))
  const values: number[] = []
  for (let sample = 0; sample < RESAMPLES; sample++) {
    const drawn = statistic(items.map(() => random.pick(items)))
    if (drawn !== undefined) values.push(drawn)
  }
  if (values.length === 0) return undefined
  values.sort((a, b) => a - b)
  const at = (share: number): number => values[Math.round(share * (values.length - 1))]!
  return [at(0.025), at(0.975)]
}

function spearman(pairs: readonly (readonly [number, number])[]): number | undefined {
  return pearson(ranks(pairs.map(([x]) => x)), ranks(pairs.map(([, y]) => y)))
}

/** The ranks of values from 1; equal ones share the mean of theirs. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => values[a]! - values[b]!)
  const result = values.map(() => 0)
  for (let start = 0; start < order.length;) {
    let end = start
    while (end < order.length && values[order[end]!] === values[order[start]!]) end += 1
    for (let place = start; place < end; place++) result[order[place]!] = (start + end + 1) / 2
    start = end
  }
  return result
}

function pearson(xs: readonly number[], ys: readonly number[]): number | undefined {
  const [x, y] = [meanInterval(xs)?.mean ?? 0, meanInterval(ys)?.mean ?? 0]
  let [xx, yy, xy] = [0, 0, 0]
  xs.forEach((each, index) => {
    const [dx, dy] = [each - x, ys[index]! - y]
    xx += dx * dx
    yy += dy * dy
    xy += dx * dy
  })
  return xx === 0 || yy === 0 ? undefined : xy / Math.sqrt(xx * yy)
}

/** A measurement under a seed. */
export interface Seeded {
  readonly seed: number
  readonly value: number
}

/** `a` minus `b` for each seed that both have. */
export function pairedDifferences(a: readonly Seeded[], b: readonly Seeded[]): readonly number[] {
  const others = new Map(b.map(({ seed, value }) => [seed, value]))
  return a.flatMap(({ seed, value }) => {
    const other = others.get(seed)
    return other === undefined ? [] : [value - other]
  })
}

/** What an interval says about the sign of a mean. */
export function isClear({ mean, halfWidth }: MeanInterval): boolean {
  return halfWidth !== undefined && Math.abs(mean) > halfWidth
}

/** A share with Wilson's interval of 95 % (1927); undefined of nothing. */
export interface Share {
  readonly count: number
  readonly of: number
  readonly value: number
  readonly interval: Interval
}

/** `count` out of `of`. */
export function shareOf(count: number, of: number): Share | undefined {
  if (of === 0) return undefined
  const z = 1.959963984540054
  const value = count / of
  const middle = (value + z ** 2 / (2 * of)) / (1 + z ** 2 / of)
  const half =
    (z / (1 + z ** 2 / of)) * Math.sqrt((value * (1 - value)) / of + z ** 2 / (4 * of ** 2))
  return { count, of, value, interval: [Math.max(0, middle - half), Math.min(1, middle + half)] }
}

/** How likely one of some values is below one of others, with the interval of a bootstrap over all of them. */
export interface Separation {
  readonly value: number
  readonly interval: Interval | undefined
}

/** The share of pairs in which the value of `lower` is the smaller, ties counting half (Mann and Whitney, 1947); undefined without pairs. */
export function separation(
  lower: readonly number[],
  upper: readonly number[],
): Separation | undefined {
  const all = [
    ...lower.map((value) => ({ value, isLower: true })),
    ...upper.map((value) => ({ value, isLower: false })),
  ]
  const value = separated(all)
  return value === undefined ? undefined : { value, interval: bootstrap(all, separated) }
}

function separated(
  items: readonly { readonly value: number; readonly isLower: boolean }[],
): number | undefined {
  const [lower, upper] = [true, false].map((side) =>
    items.flatMap(({ value, isLower }) => (isLower === side ? [value] : [])),
  )
  const pairs = lower!.length * upper!.length
  if (pairs === 0) return undefined
  let wins = 0
  for (const a of lower!) for (const b of upper!) wins += a < b ? 1 : a === b ? 0.5 : 0
  return wins / pairs
}

/** Standard deviation of one measurement, from pairs of measurements of the same things; undefined without any. */
export function repeatDeviation(pairs: readonly (readonly [number, number])[]): number | undefined {
  if (pairs.length === 0) return undefined
  const squares = pairs.reduce((sum, [a, b]) => sum + (a - b) ** 2, 0)
  return Math.sqrt(squares / (2 * pairs.length))
}

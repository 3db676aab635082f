import { childKey, createRandom, rootKey } from '../operators/random.ts'
import { meanInterval, type MeanInterval } from '../tasks/mean-interval.ts'

/** Spearman's rank correlation of `count` pairs with the 95 % interval of a bootstrap; none for fewer than 5 pairs. */
export interface RankCorrelation {
  readonly value: number
  readonly interval: readonly [low: number, high: number] | undefined
  readonly count: number
}

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
  if (count < FEWEST_FOR_INTERVAL) return { value, interval: undefined, count }
  const random = createRandom(childKey(rootKey(0), 'bootstrap'))
  const values: number[] = []
  for (let sample = 0; sample < RESAMPLES; sample++) {
    const drawn = spearman(pairs.map(() => random.pick(pairs)))
    if (drawn !== undefined) values.push(drawn)
  }
  values.sort((a, b) => a - b)
  const at = (share: number): number => values[Math.round(share * (values.length - 1))] ?? value
  return { value, interval: [at(0.025), at(0.975)], count }
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

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { meanInterval } from '../../src/tasks/mean-interval.ts'
import {
  bootstrap,
  isClear,
  pairedDifferences,
  rankCorrelation,
  repeatDeviation,
  separation,
  shareOf,
} from '../../src/study/statistics.ts'
import { randomOf } from '../mutate/published.ts'

const pairs = (count: number, value: (x: number) => number): (readonly [number, number])[] =>
  Array.from({ length: count }, (_, x) => [x, value(x)] as const)

describe('rank correlation', () => {
  test('of anything that only rises is 1, of anything that only falls is -1', () => {
    expect(rankCorrelation(pairs(20, Math.exp))).toMatchObject({
      value: 1,
      interval: [1, 1],
      count: 20,
    })
    expect(rankCorrelation(pairs(9, (x) => -(x ** 3)))?.value).toBeCloseTo(-1, 12)
  })

  test('without ties is 1 - 6 sum d^2 / (n (n^2 - 1))', () => {
    const order = randomOf('order').shuffle([...Array(15).keys()])
    const distance = order.reduce((sum, rank, index) => sum + (rank - index) ** 2, 0)
    expect(rankCorrelation(order.map((rank, index) => [index, rank]))?.value).toBeCloseTo(
      1 - (6 * distance) / (15 * (15 ** 2 - 1)),
      12,
    )
  })

  test('gives equal values the mean of their ranks', () => {
    // Ranks 1, 3.5, 2, 3.5 against 1, 2, 3, 4: covariance 3, variances 4.5 and 5.
    const tied = [10, 30, 20, 30].map((x, y) => [x, y] as const)
    expect(rankCorrelation(tied)?.value).toBeCloseTo(3 / Math.sqrt(4.5 * 5), 12)
  })

  test('has an interval around it that shrinks with more pairs and repeats', () => {
    const random = randomOf('noise')
    const noisy = pairs(400, (x) => x + 300 * random.normal())
    const [few, many] = [rankCorrelation(noisy.slice(0, 40))!, rankCorrelation(noisy)!]
    for (const { value, interval } of [few, many]) {
      expect(interval![0]).toBeLessThan(value)
      expect(interval![1]).toBeGreaterThan(value)
    }
    const width = ({ interval }: typeof few): number => interval![1] - interval![0]
    expect(width(many)).toBeLessThan(width(few))
    // Fisher's z has a standard error of about 1 / sqrt(n - 3) here.
    expect(width(many)).toBeGreaterThan(1.5 / Math.sqrt(400))
    expect(width(many)).toBeLessThan(6 / Math.sqrt(400))
    expect(rankCorrelation(noisy)).toEqual(many)
  })

  test('is not there for too few or equal values, nor an interval for four', () => {
    expect(rankCorrelation(pairs(2, (x) => x))).toBeUndefined()
    expect(rankCorrelation(pairs(8, () => 1))).toBeUndefined()
    expect(rankCorrelation(pairs(4, (x) => x))?.interval).toBeUndefined()
  })
})

test('differences are paired by seed, in whatever order', () => {
  const a = [
    { seed: 3, value: 5 },
    { seed: 1, value: 2 },
    { seed: 9, value: 100 },
  ]
  const b = [
    { seed: 1, value: 1 },
    { seed: 3, value: 3 },
  ]
  expect(pairedDifferences(a, b)).toEqual([2, 1])
  expect(pairedDifferences(a, [])).toEqual([])
})

test('a mean is clear when its interval leaves out 0', () => {
  expect(isClear({ mean: -2, halfWidth: 1, count: 3 })).toBe(true)
  expect(isClear({ mean: 2, halfWidth: 2.5, count: 3 })).toBe(false)
  expect(isClear({ mean: 2, halfWidth: undefined, count: 1 })).toBe(false)
})

/** What SciPy gives: made by fixtures/make-statistics.py. */
const scipy = JSON.parse(
  readFileSync(new URL('fixtures/statistics.json', import.meta.url), 'utf8'),
) as {
  readonly correlations: readonly {
    readonly pairs: readonly (readonly [number, number])[]
    readonly value: number
    readonly interval: readonly [number, number]
  }[]
  readonly means: readonly {
    readonly values: number[]
    readonly low: number
    readonly high: number
  }[]
  readonly shares: readonly {
    readonly count: number
    readonly of: number
    readonly low: number
    readonly high: number
  }[]
  readonly separations: readonly {
    readonly lower: readonly number[]
    readonly upper: readonly number[]
    readonly value: number
  }[]
}

describe('as SciPy has them', () => {
  test.each(scipy.correlations)(
    'rank correlation and its bootstrap, $pairs.length pairs',
    (known) => {
      const found = rankCorrelation(known.pairs)!
      expect(found.value).toBeCloseTo(known.value, 10)
      // 1,000 resamples against 20,000: the ends are quantiles that scatter themselves.
      const width = known.interval[1] - known.interval[0]
      expect(Math.abs(found.interval![0] - known.interval[0])).toBeLessThan(0.1 * width)
      expect(Math.abs(found.interval![1] - known.interval[1])).toBeLessThan(0.1 * width)
    },
  )

  test.each(scipy.means)('mean difference of $values.length', ({ values, low, high }) => {
    const { mean, halfWidth } = meanInterval(values)!
    expect(mean - halfWidth!).toBeCloseTo(low, 8)
    expect(mean + halfWidth!).toBeCloseTo(high, 8)
  })

  test.each(scipy.shares)('$count of $of', ({ count, of, low, high }) => {
    const { value, interval } = shareOf(count, of)!
    expect(value).toBe(count / of)
    expect(interval[0]).toBeCloseTo(low, 10)
    expect(interval[1]).toBeCloseTo(high, 10)
  })

  test.each(scipy.separations)('separation', ({ lower, upper, value }) => {
    const found = separation(lower, upper)!
    expect(found.value).toBeCloseTo(value, 12)
    expect(found.interval![0]).toBeLessThanOrEqual(value)
    expect(found.interval![1]).toBeGreaterThanOrEqual(value)
    expect(separation(upper, lower)!.value).toBeCloseTo(1 - value, 12)
  })
})

test('shares of nothing and separations without pairs are not there', () => {
  expect(shareOf(0, 0)).toBeUndefined()
  expect(separation([], [1])).toBeUndefined()
  expect(separation([1], [2])).toEqual({ value: 1, interval: undefined })
})

test('a bootstrap covers the mean about as often as it says', () => {
  const random = randomOf('coverage')
  let covered = 0
  for (let round = 0; round < 200; round++) {
    const values = Array.from({ length: 20 }, () => random.normal())
    const [low, high] = bootstrap(values, (items) => meanInterval(items)?.mean)!
    if (low <= 0 && 0 <= high) covered += 1
  }
  // Of 20 values the percentile interval is somewhat short: 93 % rather than 95 %.
  expect(covered / 200).toBeGreaterThan(0.87)
  expect(covered / 200).toBeLessThan(0.98)
})

test('a deviation from repeats is that of one measurement', () => {
  const random = randomOf('repeats')
  const pairs = Array.from({ length: 4000 }, () => {
    const truth = random.normal()
    return [truth + 0.3 * random.normal(), truth + 0.3 * random.normal()] as const
  })
  expect(repeatDeviation(pairs)).toBeCloseTo(0.3, 2)
  expect(repeatDeviation([])).toBeUndefined()
})

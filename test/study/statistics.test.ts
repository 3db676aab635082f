import { describe, expect, test } from 'vitest'
import { isClear, pairedDifferences, rankCorrelation } from '../../src/study/statistics.ts'
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

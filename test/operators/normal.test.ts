import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { normalQuantile as emittedQuantile } from '../../src/emit/ts/prelude/random.ts'
import { createRandom, drawKey, rootKey, threefry } from '../../src/operators/random.ts'
import { normalQuantile } from '../../src/operators/special/normal-quantile.ts'

interface Fixture {
  readonly quantiles: readonly (readonly [word: number, quantile: number])[]
  /** Seed, site, parameter, step, element and what is drawn. */
  readonly draws: readonly (readonly [number, number, number, number, number, number])[]
}

const { quantiles, draws } = JSON.parse(
  readFileSync(new URL('fixtures/normal.json', import.meta.url), 'utf8'),
) as Fixture

const LAST_WORD = 2 ** 32 - 1

describe('the quantile', () => {
  test('is the 32-bit float nearest to that of mpmath', () => {
    expect(quantiles.length).toBeGreaterThan(900)
    const wrong = quantiles.filter(([word, wanted]) => normalQuantile(word) !== wanted)
    expect(wrong).toEqual([])
  })

  test('is odd around the middle, and grows with the word', () => {
    const random = createRandom(rootKey(5))
    const words = [0, LAST_WORD, ...Array.from({ length: 5000 }, () => random.integer(2 ** 32))]
    words.sort((a, b) => a - b)
    let before = -Infinity
    for (const word of words) {
      const value = normalQuantile(word)
      expect(value).toBeGreaterThanOrEqual(before)
      expect(normalQuantile(LAST_WORD - word)).toBe(-value)
      before = value
    }
  })

  test('of emitted code is the same', () => {
    const random = createRandom(rootKey(6))
    const words = [
      ...quantiles.map(([word]) => word),
      ...Array.from({ length: 20_000 }, () => random.integer(2 ** 32)),
    ]
    const wrong = words.filter(
      (word) => Math.fround(emittedQuantile(word)) !== normalQuantile(word),
    )
    expect(wrong).toEqual([])
  })
})

test('streams are those of another language to the bit', () => {
  const wrong = draws.filter(
    ([seed, site, parameter, step, element, wanted]) =>
      normalAt(seed, site, parameter, step, element) !== wanted,
  )
  expect(wrong).toEqual([])
  expect(draws).toHaveLength(360)
})

function normalAt(
  seed: number,
  site: number,
  parameter: number,
  step: number,
  element: number,
): number {
  return normalQuantile(threefry(drawKey(seed, 'normal', site, parameter), step, element)[0])
}

const COUNT = 100_000
/** Five standard deviations of a mean of that many numbers of the given variance. */
const within = (variance: number): number => 5 * Math.sqrt(variance / COUNT)
const mean = (values: ArrayLike<number>, of: (value: number, index: number) => number): number =>
  Array.from(values, of).reduce((sum, value) => sum + value, 0) / values.length

/** The draws of elements, of the given steps in turn. */
function sample(site: number, parameter = 0, seed = 0, steps = 1): Float64Array {
  return Float64Array.from({ length: COUNT }, (_, index) =>
    normalAt(seed, site, parameter, index % steps, Math.floor(index / steps)),
  )
}

describe('100,000 draws', () => {
  const base = sample(1)

  test.each([
    ['of one step', base],
    ['of 1,000 steps', sample(1, 0, 0, 1000)],
    ['of another parameter', sample(1, 3)],
    ['of another seed', sample(1, 0, 99)],
  ])('%s have the moments of the distribution', (_, values) => {
    expect(Math.abs(mean(values, (x) => x))).toBeLessThan(within(1))
    expect(Math.abs(mean(values, (x) => x ** 2) - 1)).toBeLessThan(within(2))
    expect(Math.abs(mean(values, (x) => x ** 3))).toBeLessThan(within(15))
    expect(Math.abs(mean(values, (x) => x ** 4) - 3)).toBeLessThan(within(96))
    // A part of 0.0027 is more than three deviations away.
    const far = mean(values, (x) => (Math.abs(x) > 3 ? 1 : 0))
    expect(Math.abs(far - 0.0026998)).toBeLessThan(within(0.0027))
  })

  test('are as far from the distribution as chance has it (Kolmogorov and Smirnov)', () => {
    const sorted = [...base].sort((a, b) => a - b)
    // The quantile of the middle of each step, by bisection over the words.
    let largest = 0
    for (let place = 50; place < COUNT; place += 100) {
      const below = normalQuantile(Math.floor((place / COUNT) * 2 ** 32))
      const count = sorted.findIndex((value) => value > below)
      largest = Math.max(largest, Math.abs(count - place) / COUNT)
    }
    // Exceeded once in 10,000 samples.
    expect(largest).toBeLessThan(2.23 / Math.sqrt(COUNT))
  })

  test.each([
    ['places of the program', sample(2)],
    ['parameters', sample(1, 1)],
    ['seeds', sample(1, 0, 1)],
    ['steps', Float64Array.from({ length: COUNT }, (_, element) => normalAt(0, 1, 0, 1, element))],
    ['elements', Float64Array.from(base, (__, index) => base[(index + 1) % COUNT]!)],
  ])('of different %s have nothing to do with each other', (_, other) => {
    expect(Math.abs(mean(base, (x, index) => x * other[index]!))).toBeLessThan(within(1))
    expect(
      Math.abs(mean(base, (x, index) => (x ** 2 - 1) * (other[index]! ** 2 - 1))),
    ).toBeLessThan(within(4))
  })
})

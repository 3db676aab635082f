import { describe, expect, test } from 'vitest'
import {
  contains,
  exactly,
  finite,
  interval,
  joinIntervals,
  showInterval,
  within,
  type Interval,
} from '../../src/operators/interval.ts'
import type { Operator } from '../../src/operators/operator.ts'
import { childKey, createRandom, rootKey, type Random } from '../../src/operators/random.ts'
import { layouts } from '../../src/operators/layout.ts'
import { operatorByName, operators } from '../../src/operators/table.ts'

const ENDS = [
  -Infinity,
  -100,
  -2,
  -1.5,
  -1,
  -0.5,
  -1e-7,
  -1e-9,
  0,
  1e-7,
  0.5,
  0.95,
  1,
  2,
  3,
  4.5,
  88,
  100,
  Infinity,
]
const BOXES = 400
const POINTS = 40

function drawInterval(random: Random): Interval {
  const [a, b] = [random.pick(ENDS), random.pick(ENDS)]
  const nan = random.chance(0.15)
  const point = random.chance(0.2) || a === b
  if (point) return interval(a, a, { nan })
  return interval(Math.min(a, b), Math.max(a, b), {
    lowOpen: random.chance(0.5),
    highOpen: random.chance(0.5),
    nan,
  })
}

/** A number of the interval: an end that belongs to it, close to an end, or anything between. */
function drawInside(range: Interval, random: Random): number {
  if (range.nan && random.chance(0.1)) return NaN
  const low = Number.isFinite(range.low) ? range.low : Math.min(-1e6, range.high - 1e6)
  const high = Number.isFinite(range.high) ? range.high : Math.max(1e6, range.low + 1e6)
  const candidates = [
    range.low,
    range.high,
    low + (high - low) * 1e-9,
    high - (high - low) * 1e-9,
    0,
    -1,
    Math.round(low + (high - low) * random.uniform()),
    low + (high - low) * random.uniform(),
    low + (high - low) * random.uniform() ** 8,
    high - (high - low) * random.uniform() ** 8,
  ]
  const inside = candidates.filter((value) => contains(range, value))
  return inside.length > 0 ? random.pick(inside) : (low + high) / 2
}

/**
 * Whether the interval holds the value up to rounding: an open end stands for values rounded to it and, where it is
 * infinite, for overflow, but not for an infinity that comes from an infinite argument.
 */
function holds(range: Interval, value: number, fromInfinity: boolean): boolean {
  if (contains(range, value)) return true
  if (Number.isNaN(value) || (fromInfinity && !Number.isFinite(value))) return false
  const slack = 1e-12 * Math.max(1e-300, Math.abs(value))
  return value >= range.low - slack && value <= range.high + slack
}

/** Draws boxes and points in them; fails where `evaluate` leaves the interval of `row`. */
function expectSound(
  row: Operator,
  drawBox: (random: Random) => Interval[],
  evaluate: (random: Random, box: readonly Interval[]) => { values: number[]; value: number },
): void {
  const random = createRandom(childKey(rootKey(5), row.name))
  for (let count = 0; count < BOXES; count++) {
    const box = drawBox(random)
    const range = row.interval(...box)
    for (let point = 0; point < POINTS; point++) {
      const { values, value } = evaluate(random, box)
      const fromInfinity = values.some((each) => Math.abs(each) === Infinity)
      if (!holds(range, value, fromInfinity))
        expect.fail(
          `${row.name}(${values.join(', ')}) = ${value} for ${box.map(show).join(', ')} is not in ${show(range)}`,
        )
    }
  }
}

const show = (range: Interval): string => showInterval(range) + (range.nan ? ' or NaN' : '')

describe('values of arguments inside the boxes are inside the interval', () => {
  test.each(operators.map((row) => [row.name, row] as const))('%s', (_, row) => {
    const box = (random: Random): Interval[] =>
      row.parameters.map((parameter) =>
        parameter.boolean === true
          ? random.pick([interval(0, 1), exactly(0), exactly(1)])
          : drawInterval(random),
      )
    switch (row.kind) {
      case 'elementwise':
        return expectSound(row, box, (random, ranges) => {
          const values = ranges.map((range) => drawInside(range, random))
          return { values, value: row.meaning(...values) }
        })
      case 'reduction':
        return expectSound(row, box, (random, ranges) => {
          const length = 1 + random.integer(4)
          const vectors = ranges.map((range) =>
            Array.from({ length }, () => drawInside(range, random)),
          )
          return { values: vectors.flat(), value: row.meaning(...vectors) }
        })
      case 'global':
        return expectSound(row, box, (random, ranges) => {
          const parameters = Array.from({ length: 1 + random.integer(3) }, () => {
            const length = 1 + random.integer(3)
            return ranges.map((range) => Array.from({ length }, () => drawInside(range, random)))
          })
          const parts = parameters.map((vectors) => row.part.meaning(...vectors))
          return { values: parameters.flat(2), value: row.whole.meaning(parts) }
        })
      case 'matrix':
        return expectSound(row, box, (random, ranges) => {
          const n = 1 + random.integer(3)
          const matrices = ranges.flatMap((range, index) => {
            const values = Array.from({ length: n * n }, () => drawInside(range, random))
            return row.parameters[index]!.matrix === true ? [{ rows: n, columns: n, values }] : []
          })
          const numbers = ranges.slice(matrices.length).map((range) => drawInside(range, random))
          const given = { matrices, numbers, lengths: { inputs: n, outputs: n } }
          const values = [...matrices.flatMap((matrix) => matrix.values), ...numbers]
          return { values, value: random.pick(Array.from(row.meaning(given).values)) }
        })
      case 'random':
        return expectSound(row, box, (random, ranges) => {
          const values = ranges.map((range) => drawInside(range, random))
          return { values, value: row.meaning(row.draw(random.integer(2 ** 32)), ...values) }
        })
      case 'shape':
        return expectSound(row, box, (random) => {
          const shape = Array.from({ length: random.integer(5) }, () => 1 + random.integer(9))
          return { values: shape, value: row.meaning(shape, random.pick(layouts)) }
        })
    }
  })
})

describe('intervals that proofs and warnings depend on are tight', () => {
  const steps = interval(1, Infinity, { highOpen: true })
  const beta = interval(0, 1, { highOpen: true })
  const positive = interval(0, Infinity, { lowOpen: true, highOpen: true })
  const notNegative = interval(0, Infinity, { highOpen: true })
  const either = interval(-2, 3)
  const one = exactly(1)
  const apply = (name: string, ...box: Interval[]): Interval =>
    operatorByName(name).interval(...box)

  test.each<[wanted: string, range: Interval]>([
    ['[0, 1)', apply('power', beta, steps)],
    ['(0, 1]', apply('subtract', one, apply('power', beta, steps))],
    ['(0.01, 1]', apply('power', exactly(0.01), beta)],
    ['[0, 9]', apply('power', either, exactly(2))],
    ['[-8, 27]', apply('power', either, exactly(3))],
    ['[0, 9]', apply('square', either)],
    ['[0, inf)', apply('square', finite)],
    ['(0, inf)', apply('divide', one, positive)],
    ['[0, inf)', apply('divide', notNegative, steps)],
    ['[0, inf)', apply('exp', finite)],
    ['[-1, 1]', apply('tanh', finite)],
    ['[-1, 1]', apply('erf', finite)],
    ['[0, 1]', apply('erfc', notNegative)],
    ['[0, 1]', apply('sigmoid', finite)],
    ['[0, 1]', apply('tanh_derivative', finite)],
    ['[0, 0.25]', apply('sigmoid_derivative', finite)],
    ['(0, 1]', apply('inverse_one_plus_abs', finite)],
    ['[0.5, 0.75]', apply('softsign', interval(1, 3))],
    ['[0, inf)', apply('softplus', finite)],
    ['[0, inf)', apply('relu', finite)],
    ['(0, 2]', apply('clip', exactly(2), positive)],
    ['[-1, 1]', apply('clip_between', finite, exactly(-1), one)],
    ['[0, 2]', apply('mod', finite, exactly(2))],
    ['[-2, 0]', apply('mod', finite, exactly(-2))],
    ['[1, 1]', apply('sign', positive)],
    ['[0, 1]', apply('sign', notNegative)],
    ['[-1, 1]', apply('sign', finite)],
    ['[0, 0]', apply('floor', beta)],
    ['[0, inf)', apply('norm', finite)],
    ['[0.18467, 0.219092]', apply('bessel_i1e', interval(0.7, 3))],
    ['[0, 2]', apply('dropout', interval(0, 1), exactly(0.5))],
  ])('%s', (wanted, range) => {
    expect(show(range)).toBe(wanted)
  })

  test('NaN is possible where it is, and nowhere else', () => {
    const infinite = interval(-Infinity, Infinity)
    expect(apply('multiply', infinite, interval(0, 1)).nan).toBe(true)
    expect(apply('multiply', finite, interval(0, 1)).nan).toBe(false)
    expect(apply('subtract', infinite, infinite).nan).toBe(true)
    expect(apply('subtract', finite, infinite).nan).toBe(false)
    expect(apply('divide', finite, interval(0, 1)).nan).toBe(true)
    expect(apply('sqrt', either).nan).toBe(true)
    expect(apply('log', notNegative).nan).toBe(false)
    expect(apply('power', either, exactly(0.5)).nan).toBe(true)
    expect(apply('power', { ...either, nan: true }, exactly(0)).nan).toBe(false)
  })
})

describe('hazards', () => {
  const finiteUp = interval(0, Infinity, { highOpen: true })
  const warns = (name: string, code: string, ...box: Interval[]): boolean =>
    operatorByName(name).hazards?.some(
      (hazard) => hazard.code === code && hazard.possible(...box),
    ) === true
  test('exp overflows for arguments without an upper bound, not for a tanh', () => {
    expect(warns('exp', 'overflow', finiteUp)).toBe(true)
    expect(warns('exp', 'overflow', interval(-1, 1))).toBe(false)
    expect(warns('exp', 'overflow', interval(-Infinity, 88.7, { lowOpen: true }))).toBe(false)
    expect(warns('exp', 'overflow', interval(0, 89))).toBe(true)
  })
  test('division, roots and logarithms', () => {
    const positive = interval(0, 1, { lowOpen: true })
    expect(warns('divide', 'division-by-zero', exactly(1), interval(0, 1))).toBe(true)
    expect(warns('divide', 'division-by-zero', exactly(1), positive)).toBe(false)
    expect(warns('power', 'division-by-zero', interval(0, 1), exactly(-1))).toBe(true)
    expect(warns('power', 'division-by-zero', interval(0, 1), exactly(2))).toBe(false)
    expect(warns('power', 'undefined-power', interval(-1, 1), exactly(0.5))).toBe(true)
    expect(warns('power', 'undefined-power', interval(-1, 1), exactly(3))).toBe(false)
    expect(warns('sqrt', 'negative-root', interval(-1, 1))).toBe(true)
    expect(warns('sqrt', 'negative-root', interval(0, 1))).toBe(false)
    expect(warns('log', 'log-of-zero', interval(0, 1))).toBe(true)
    expect(warns('log', 'log-of-zero', positive)).toBe(false)
    expect(warns('log', 'negative-log', interval(-1, 1))).toBe(true)
  })
})

test('joining and containment keep open ends', () => {
  const open = interval(0, 1, { lowOpen: true, highOpen: true })
  expect(show(joinIntervals(open, interval(1, 2)))).toBe('(0, 2]')
  expect(show(joinIntervals(open, exactly(0)))).toBe('[0, 1)')
  expect(within(open, interval(0, 1))).toBe(true)
  expect(within(interval(0, 1), open)).toBe(false)
  expect(contains(open, 1)).toBe(false)
  expect(contains(exactly(NaN), NaN)).toBe(true)
})

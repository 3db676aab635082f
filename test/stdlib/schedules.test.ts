import { describe, expect, it } from 'vitest'
import { evaluateFunction } from '../../src/ir/schedule.ts'
import { printInline } from '../../src/syntax/print.ts'
import { spaceOf } from '../mutate/space.ts'
import { fixture } from './fixture.ts'
import { scheduleOf } from './library.ts'

interface Published {
  readonly totalSteps: number
  readonly warmup: number
  readonly hold: number
  readonly lr: readonly number[]
  readonly momentum: readonly number[]
}

interface Fixture {
  readonly totalSteps: readonly number[]
  readonly factors: Readonly<Record<string, readonly (readonly number[])[]>>
  readonly published: readonly Published[]
}

const published = fixture<Fixture>('schedules.json')

const READABLE: Readonly<Record<string, string>> = {
  a1: 'decay_linear',
  a2: 'ramp_linear',
  a3: 'decay_cosine',
  a4: 'ramp_cosine',
  a5: 'decay_cosine_cycle',
  a6: 'ramp_cosine_cycle',
  a7: 'decay_cosine_restart',
  a8: 'ramp_cosine_restart',
  a9: 'decay_linear_restart',
  a10: 'ramp_linear_restart',
  a11: 'decay_exponential',
  a12: 'ramp_exponential',
  a13: 'decay_demon',
  a14: 'ramp_demon',
}

/** The value of a schedule on every step of a run, at its defaults but for `given`. */
function values(
  file: string,
  name: string,
  totalSteps: number,
  given: Readonly<Record<string, number>> = {},
): number[] {
  const schedule = scheduleOf(file, name)
  return Array.from({ length: totalSteps }, (_, t) => {
    const arguments_ = schedule.parameters.map((parameter) =>
      parameter.name === 't' ? t : given[parameter.name],
    )
    return evaluateFunction(schedule, arguments_, t, totalSteps)
  })
}

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length)
  actual.forEach((value, t) => {
    expect(Math.abs(value - expected[t]!), `step ${t}: ${value} for ${expected[t]!}`).toBeLessThan(
      1e-11 * Math.max(1, Math.abs(expected[t]!)),
    )
  })
}

describe.each(Object.keys(published.factors).filter((name) => name.startsWith('a')))(
  'base %s',
  (name) => {
    it.each([name, READABLE[name]!])('has the published values as %s', (spelling) => {
      published.totalSteps.forEach((totalSteps, index) => {
        expectClose(values('prelude', spelling, totalSteps), published.factors[name]![index]!)
      })
    })
  },
)

describe.each(Object.keys(published.factors).filter((name) => name.startsWith('lr')))(
  'schedule %s',
  (name) => {
    it('has the published values', () => {
      published.totalSteps.forEach((totalSteps, index) => {
        expectClose(values(name, name, totalSteps), published.factors[name]![index]!)
      })
    })
  },
)

describe('the outer schedule of the published rules', () => {
  it.each(published.published)('warm-up $warmup, hold $hold of $totalSteps steps', (run) => {
    const given = { lr: 0.5, warmup: run.warmup, hold: run.hold }
    expectClose(values('published', 'published_lr', run.totalSteps, given), run.lr)
    expectClose(values('published', 'published_momentum', run.totalSteps, given), run.momentum)
  })

  it('has a momentum of equally spaced values, both ends of each line included', () => {
    expectClose(values('published', 'published_momentum', 12, { warmup: 5, hold: 3 }), [
      0.95,
      0.925,
      0.9,
      0.875,
      0.85,
      0.85,
      0.85,
      0.85,
      0.85,
      0.85 + 0.1 / 3,
      0.95 - 0.1 / 3,
      0.95,
    ])
  })

  it.each(['published', 'joint'])('has the momentum that the space %s draws rules with', (name) => {
    const { forms } = spaceOf(name).space
    const called = forms.map(({ expression }) => /mu = .*?\)/.exec(printInline(expression))?.[0])
    const momentum = 'mu = published_momentum(t, warmup, hold)'
    expect(called).toEqual([undefined, momentum, momentum])
  })

  it('starts at 0 with a warm-up and at the full rate without one', () => {
    expect(
      values('schedules', 'warmup_hold_cosine', 10, { warmup: 4, hold: 2 }).slice(0, 7),
    ).toEqual([0, 0.25, 0.5, 0.75, 1, 1, 1])
    expect(values('schedules', 'warmup_hold_cosine', 10)[0]).toBe(1)
  })
})

describe('the released a14 of LR3', () => {
  it('leaves [0, 1], unlike the base a14', () => {
    expect(Math.max(...values('lr3', 'released_ramp_demon', 100))).toBeCloseTo(19, 10)
    expect(Math.max(...values('prelude', 'a14', 100))).toBe(0.95)
  })
})

describe('schedules of std/schedules', () => {
  const last = (numbers: readonly number[]): number => numbers[numbers.length - 1]!

  it('inverse_square_root rises to 1 and falls as in Attention Is All You Need', () => {
    const curve = values('schedules', 'inverse_square_root', 400, { warmup: 100 })
    expect(curve[49]).toBeCloseTo(0.5, 12)
    expect(curve[99]).toBe(1)
    expect(curve[399]).toBeCloseTo(0.5, 12)
  })

  it('step_decay drops every so many steps', () => {
    const curve = values('schedules', 'step_decay', 7, { every: 3, factor: 0.5 })
    expect(curve).toEqual([1, 1, 1, 0.5, 0.5, 0.5, 0.25])
  })

  it('polynomial_decay and cosine_after end just above 0', () => {
    expect(last(values('schedules', 'polynomial_decay', 10, { power: 2 }))).toBeCloseTo(0.01, 12)
    const curve = values('schedules', 'cosine_after', 10, { start: 6 })
    expect(curve.slice(0, 7)).toEqual([1, 1, 1, 1, 1, 1, 1])
    expect(curve[8]).toBeCloseTo(0.5, 12)
  })
})

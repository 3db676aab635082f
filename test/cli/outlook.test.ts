import { describe, expect, test } from 'vitest'
import {
  expectedWork,
  mostSteps,
  stepCostsOf,
  type Extent,
} from '../../src/hosts/cli/evolving/expected-work.ts'
import { outlookLines } from '../../src/hosts/cli/evolving/outlook.ts'
import { createTally } from '../../src/hosts/cli/evolving/search-tally.ts'
import { timeLeft } from '../../src/hosts/cli/evolving/time-left.ts'
import { SEARCH_DEFAULTS, type SearchConfiguration } from '../../src/evolve/search-configuration.ts'
import { findProtocol } from '../../src/tasks/protocol.ts'
import { findTask } from '../../src/tasks/task.ts'
import { configuration, searchEvents } from './search-events.ts'

const quick = findProtocol('quick')!
const extentOf = (changed: Partial<SearchConfiguration> = {}): Extent => ({
  ...{ protocol: quick, given: 0, baselines: 9 },
  configuration: { ...SEARCH_DEFAULTS, ...changed },
})

describe('what a search will do', () => {
  test.each<[string, Extent, readonly string[]]>([
    [
      'without options',
      extentOf(),
      [
        '500 random rules; then 6 time steps of 50 particles with 6 children each: 2,300 rules in all; at the end the best 3 and 9 known optimizers on 5 fresh seeds',
        'at most about 4 h 6 min, and about 6 min 22 s for the end; rules that fail early take less. Ctrl-C ends it at any time, and it can go on from there',
      ],
    ],
    [
      'with a budget',
      { ...extentOf({ budget: { minutes: 30 }, initial: 0 }), given: 2 },
      [
        '2 given rules; then 6 time steps of 50 particles with 6 children each: 1,802 rules in all; at the end the best 3 and 9 known optimizers on 5 fresh seeds',
        'the budget of 30 min 0 s, and about 6 min 22 s for the end; rules that fail early take less. Ctrl-C ends it at any time, and it can go on from there',
      ],
    ],
  ])('%s', (_, extent, lines) => {
    expect(outlookLines(extent, 10, 2)).toEqual(lines)
  })

  test('takes half as long with twice as many processes, and no time is told without a pace', () => {
    const [, one] = outlookLines(extentOf({ timesteps: 0 }), 60, 1)
    const [, two] = outlookLines(extentOf({ timesteps: 0 }), 120, 2)
    expect(one).toBe(two)
    expect(outlookLines(extentOf(), undefined, 1).join()).not.toContain('about')
  })

  test('counts every evaluation that nothing ends early', () => {
    const work = expectedWork(extentOf({ ladder: true }))
    expect(mostSteps(quick.initial)).toBe(7 * 90 + 300)
    expect(work.initial).toEqual({ slots: 500, steps: 930, isBudgeted: true })
    expect(work.enter.slots).toBe(0)
    expect(work.select).toEqual({ slots: 300, steps: 3 * 3 * 300, isBudgeted: true })
    expect(work.rung).toMatchObject({ slots: 18, isBudgeted: false })
    expect(work.final).toEqual({
      slots: 12,
      steps: 2 * 7 * 90 + (4 * 3 + 5) * 600,
      isBudgeted: false,
    })
  })
})

describe('other tasks', () => {
  const there = { ...quick.evolution, name: 'there', batchSize: 128, width: { base: 32 } } as const
  const protocol = { ...quick, finals: [{ stage: 'more', task: 'cifar10', surrogate: there }] }
  const stepCosts = stepCostsOf(
    protocol,
    findTask('fashion14-cnn')!,
    new Map([['cifar10', findTask('cifar10')!]]),
  )

  test('count by what their steps multiply, where the ladder is climbed', () => {
    const [plain, climbing] = [false, true].map((ladder) =>
      expectedWork({ ...extentOf({ ladder }), protocol, stepCosts }),
    )
    expect(plain!.transfer).toEqual({ slots: 0, steps: 0, isBudgeted: false })
    expect(climbing!.transfer.slots).toBe(12)
    const steps = 2 * 7 * 90 + (4 * 3 + 5) * 300
    expect(climbing!.transfer.steps).toBeCloseTo(stepCosts.get('there')! * steps)
    expect(stepCosts.get('there')).toBeGreaterThan(50)
    expect(stepCosts.get(quick.evolution.name)).toBe(1)
  })

  test('are told of', () => {
    const [line] = outlookLines({ ...extentOf({ ladder: true }), protocol }, 10, 2)
    expect(line).toMatch(/ on 5 fresh seeds; then the same on 1 other task$/)
  })

  test('say nothing of functions, which multiply nothing', () => {
    const task = findTask('quadratic')!
    expect(stepCostsOf(quick, task, new Map())).toEqual(new Map())
    expect([...stepCostsOf(protocol, task, new Map([['cifar10', findTask('cifar10')!]]))]).toEqual(
      [],
    )
  })
})

/** Milliseconds left after so many events of a search that takes a second for each evaluation. */
function leftAfter(count: number, changed: Partial<SearchConfiguration>): number | undefined {
  const changedConfiguration = { ...configuration, ...changed }
  const { count: tell, read } = createTally(changedConfiguration)
  const events = searchEvents(configuration, 1000)
  const seen = events.slice(0, count)
  for (const [at, event] of seen) tell(event, at)
  const expected = expectedWork({
    ...{ configuration: changedConfiguration, protocol: quick, given: 0, baselines: 1 },
  })
  return timeLeft(read(), {
    ...{ workers: 1, budget: changedConfiguration.budget, expected, spentBefore: 0 },
    elapsed: seen.at(-1)?.[0] ?? 0,
  })
}

describe('the time left', () => {
  const { length } = searchEvents(configuration, 1000)

  test('is unknown before something was trained, and none when the final table is there', () => {
    expect(leftAfter(1, {})).toBeUndefined()
    expect(leftAfter(length, {})).toBe(0)
  })

  test('counts the final table when all rules are judged', () => {
    const before = searchEvents(configuration, 1000).findIndex(
      ([, event]) => event.kind === 'stage' && event.name === 'final evaluation',
    )
    expect(leftAfter(before, {})).toBeGreaterThan(0)
  })

  test('counts races, and is more with them', () => {
    const selection = { kind: 'racing', contenders: 2, rounds: 6, confidence: 0.8 } as const
    for (const count of [5, 20, 40])
      expect(leftAfter(count, { selection })!).toBeGreaterThan(leftAfter(count, {})!)
  })

  test('is no more than a budget and the final table leave', () => {
    const [short, long] = [{ steps: 1 }, { steps: 1e9 }].map((budget) => leftAfter(40, { budget })!)
    expect(long).toBe(leftAfter(40, {}))
    expect(short).toBeLessThan(long!)
    expect(short).toBeGreaterThan(0)
  })
})

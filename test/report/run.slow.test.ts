import { describe, expect, test } from 'vitest'
import type { Entry } from '../../src/evolve/journal.ts'
import { arrangeRun, bestRules } from '../../src/report/run.ts'
import { leadOf, report, SMALL } from './page.ts'
import { syntheticRun } from './synthetic-run.ts'

const evolved = syntheticRun(SMALL).filter(({ kind }) =>
  ['run', 'work', 'enter', 'select'].includes(kind),
)

const best = (entries: readonly Entry[]): readonly string[] =>
  bestRules(arrangeRun(entries)!, 3).map(({ slot }) => slot)

describe('the best rules so far', () => {
  test('are ranked by races: one that lost on fresh seeds is not the first', () => {
    const withoutRaces = evolved.map((entry): Entry => {
      if (entry.kind !== 'select') return entry
      const { race: _, ...selection } = entry
      return selection
    })
    const [first] = best(withoutRaces)
    const lost = evolved.map((entry): Entry => {
      if (entry.kind !== 'select') return entry
      const race = {
        decided: true,
        contenders: [
          {
            slot: first!,
            runs: [0.1, 0.2].map((score, seed) => ({
              surrogate: 'evolution',
              score,
              seed,
              steps: 1,
            })),
          },
        ],
      }
      return { ...entry, race }
    })
    expect(best(lost)).not.toContain(first)
    expect(best(lost)[0]).toBe(best(withoutRaces)[1])
  })

  test('are of the surrogate of the evolution alone', () => {
    // However good the others were on the initial one.
    const praised = evolved.map((entry): Entry => {
      if (entry.kind !== 'work' || !entry.slot.startsWith('initial/')) return entry
      const attempts = entry.attempts.map((attempt) => ({
        ...attempt,
        fitness: { ...attempt.fitness, score: 0.999 },
      }))
      return { ...entry, attempts }
    })
    expect(best(praised)).toEqual(best(evolved))
  })

  test('say what their score is of', async () => {
    expect(leadOf(await report(evolved))).toMatch(
      /on average over the \d+ fresh seeds of its races\./,
    )
    const initial = evolved.filter(({ kind }) => kind === 'run' || kind === 'work').slice(0, 9)
    expect(leadOf(await report(initial))).toContain('on the seed it was chosen by')
  })
})

describe('a run without its end says how far it is', () => {
  const whole = syntheticRun({ ...SMALL, rungs: 2 })
  const after = (kind: Entry['kind'], count: number): readonly Entry[] => {
    const place = whole.findIndex((entry) => entry.kind === kind)
    return whole.slice(0, place + count)
  }

  test.each([
    ['work', 1, '1 rule to begin with'],
    ['work', 8, '8 rules to begin with'],
    ['enter', 2, '2 first particles judged by the surrogate of the evolution'],
    ['enter', 3, '1 child of time step 1 of 2'],
    ['select', 0, '6 children of time step 1 of 2'],
    ['select', 1, '1 selection of time step 1 of 2'],
    ['select', 5, '3 children of time step 2 of 2'],
    ['rung', 0, '2 selections of time step 2 of 2'],
    ['rung', 3, '3 rules on rung 1 of the ladder'],
    ['final', 2, '2 rules of the final evaluation'],
    ['final', 3, '3 rules of the final evaluation'],
    ['ablation', 0, '4 rules of the final evaluation'],
    ['ablation', 1, '1 ablation'],
    ['end', 0, '6 ablations'],
  ] as const)('%s and %i more: %s', async (kind, count, words) => {
    expect(await report(after(kind, count))).toContain(`its journal ends after ${words}. `)
  })

  test('one with its end does not', async () => {
    expect(await report(whole)).not.toContain('has not ended')
  })
})

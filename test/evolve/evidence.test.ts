import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byEvidence } from '../../src/evolve/evidence.ts'
import type { Fitness } from '../../src/evolve/fitness.ts'
import type { EntryOf } from '../../src/evolve/journal.ts'
import type { Scored } from '../../src/evolve/scored.ts'

const runOf = (score: number | undefined): Fitness => ({
  surrogate: 'quick',
  seed: 1,
  steps: 1,
  ...(score === undefined ? { failure: 'it failed' } : { score }),
})

const rule = (slot: string, score: number, fingerprint = slot): Scored => ({
  slot,
  score,
  hasRaced: false,
  fitness: runOf(score),
  attempt: {
    rule: slot,
    fingerprint,
    integrity: { accepted: true, flipped: false, learningRate: 1, loss: 0 },
    fitness: runOf(score),
  },
})

const raced = (
  contenders: Readonly<Record<string, readonly (number | undefined)[]>>,
): EntryOf<'select'> => ({
  kind: 'select',
  particle: 0,
  timestep: 1,
  slot: 'a',
  score: 0,
  race: {
    decided: true,
    contenders: Object.entries(contenders).map(([slot, scores]) => ({
      slot,
      runs: scores.map(runOf),
    })),
  },
})

const order = (rules: readonly Scored[], races: readonly EntryOf<'select'>[]): string[] =>
  byEvidence(rules, races).map(({ slot }) => slot)

describe('rules are ranked', () => {
  test('by their scores where nothing raced', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (scores) => {
        const rules = scores.map((score, index) => rule(`rule ${index}`, score))
        const found = byEvidence(rules, []).map(({ score }) => score)
        expect(found).toEqual([...scores].sort((a, b) => b - a))
      }),
    )
  })

  test('by the mean of fresh runs where they raced, which is their score then', () => {
    const rules = [rule('lucky', 0.9), rule('steady', 0.8)]
    const race = raced({ lucky: [0.7, 0.71, 0.72], steady: [0.8, 0.81, 0.79] })
    expect(byEvidence(rules, [race])).toMatchObject([
      { slot: 'steady', score: expect.closeTo(0.8, 12) as number },
      { slot: 'lucky', score: expect.closeTo(0.71, 12) as number },
    ])
  })

  test('with more trust in several runs than in one, and none in what is far better', () => {
    const race = raced({ a: [0.8, 0.82, 0.78], b: [0.7, 0.72, 0.68] })
    const rules = [rule('a', 0.9), rule('b', 0.9), rule('once', 0.81)]
    expect(order(rules, [race])).toEqual(['a', 'once', 'b'])
    expect(order([...rules, rule('far better', 0.95)], [race])[0]).toBe('far better')
  })

  test('those that failed on a fresh seed last, but not forgotten', () => {
    const race = raced({ a: [0.8, undefined], b: [0.7, 0.7] })
    expect(order([rule('a', 0.9), rule('b', 0.6), rule('c', 0.1)], [race])).toEqual(['b', 'c', 'a'])
  })

  test('each function once, as its best rule', () => {
    expect(order([rule('a', 0.5, 'f'), rule('b', 0.7, 'f'), rule('c', 0.6)], [])).toEqual([
      'b',
      'c',
    ])
  })

  test('by all of their races', () => {
    const races = [raced({ a: [0.8, 0.8], b: [0.9, 0.9] }), raced({ b: [0.4, 0.4] })]
    expect(order([rule('a', 0.1), rule('b', 0.1)], races)).toEqual(['a', 'b'])
  })
})

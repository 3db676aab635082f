import { describe, expect, test } from 'vitest'
import { race, type RaceResult, type RaceRules } from '../../src/evolve/race.ts'
import { childKey, createRandom, rootKey } from '../../src/operators/random.ts'

const rules: RaceRules = { confidence: 0.8, rounds: 6 }

/** A race whose scores are means with normal noise of deviation 1; and how often each contender was asked. */
async function noisyRace(
  means: readonly number[],
  trial: number,
  changed: Partial<RaceRules> = {},
): Promise<RaceResult & { readonly asked: readonly number[] }> {
  const asked = means.map(() => 0)
  const result = await race(means.length, { ...rules, ...changed }, (contender, round) => {
    asked[contender]! += 1
    const random = createRandom(childKey(rootKey(7), trial, contender, round))
    return Promise.resolve(means[contender]! + random.normal())
  })
  return { ...result, asked }
}

const TRIALS = 600

async function shareOfWins(means: readonly number[], changed: Partial<RaceRules> = {}) {
  let won = 0
  for (let trial = 0; trial < TRIALS; trial++)
    if ((await noisyRace(means, trial, changed)).winner !== 0) won += 1
  return won / TRIALS
}

describe('a race', () => {
  test.each([
    [2, 0.8],
    [4, 0.8],
    [3, 0.95],
  ])(
    'of %i equal contenders is won by another than the first less often than its confidence of %f allows',
    async (contenders, confidence) => {
      const means = Array<number>(contenders).fill(0)
      const share = await shareOfWins(means, { confidence })
      const allowed = 1 - confidence
      expect(share).toBeLessThan(allowed + 3 * Math.sqrt((allowed * confidence) / TRIALS))
    },
  )

  test('is won by one that is much better, nearly always', async () => {
    expect(await shareOfWins([0, -1, 4])).toBeGreaterThan(0.95)
    const { winner, decided } = await noisyRace([0, 0, 20], 1)
    expect({ winner, decided }).toEqual({ winner: 2, decided: true })
  })

  test('finds a small difference more often with more rounds', async () => {
    const [few, many] = [
      await shareOfWins([0, 1], { rounds: 3 }),
      await shareOfWins([0, 1], { rounds: 24 }),
    ]
    expect(many).toBeGreaterThan(few + 0.2)
  })

  test('asks everybody equally often until it is out, and at most as often as there are rounds', async () => {
    for (let trial = 0; trial < 50; trial++) {
      const { asked, winner, decided } = await noisyRace([0, 0, 0], trial)
      expect(asked[0]).toBe(Math.max(...asked))
      expect(asked[0]).toBeLessThanOrEqual(rules.rounds)
      expect(asked.every((count) => count >= 3)).toBe(true)
      if (!decided)
        expect({ winner, rounds: asked[0] }).toEqual({ winner: 0, rounds: rules.rounds })
    }
  })

  test('is over as soon as no other is ahead', async () => {
    const { asked, ...result } = await noisyRace([9, 0, 0], 1)
    expect(result).toEqual({ winner: 0, decided: true })
    expect(asked).toEqual([3, 3, 3])
  })

  test.each([
    ['none but the first fails', [1, undefined, undefined], { winner: 0, decided: true }],
    ['the first fails', [undefined, 1, 2], { winner: 2, decided: true }],
    ['all fail', [undefined, undefined], { winner: 0, decided: false }],
    ['there is but one', [1], { winner: 0, decided: true }],
    ['all are equal', [1, 1, 1], { winner: 0, decided: true }],
    ['a difference never varies', [1, 1.001], { winner: 1, decided: true }],
  ])('where %s', async (_, scores, expected) => {
    expect(
      await race(scores.length, rules, (contender) => Promise.resolve(scores[contender])),
    ).toEqual(expected)
  })

  test.each([
    [0, 0.72, 0.92],
    [0.5, 0.85, 1],
    [-1, 0, 0.35],
    [-3, 0, 0.02],
  ])(
    'is won by one that is simpler and %f better in a share from %f to %f',
    async (better, low, high) => {
      const share = await shareOfWins([0, better], { simpler: new Set([1]) })
      expect(share).toBeGreaterThanOrEqual(low)
      expect(share).toBeLessThanOrEqual(high)
    },
  )

  test('is not won by one that is simpler where another is shown to be better', async () => {
    const { winner, decided } = await noisyRace([0, 0, 20], 1, { simpler: new Set([1]) })
    expect({ winner, decided }).toEqual({ winner: 2, decided: true })
  })

  test.each([
    ['is as good in every round', [1, 1], { winner: 1, decided: true }],
    ['is a little worse in every round', [1, 0.999], { winner: 0, decided: true }],
    ['fails', [1, undefined], { winner: 0, decided: true }],
  ])('whose simpler contender %s', async (_, scores, expected) => {
    const simpler = new Set([1])
    expect(
      await race(scores.length, { ...rules, simpler }, (contender) =>
        Promise.resolve(scores[contender]),
      ),
    ).toEqual(expected)
  })

  test('does not depend on the order in which scores come', async () => {
    const orderly = await noisyRace([0, 0.5, 0.4], 3)
    const delayed = await race(3, rules, async (contender, round) => {
      await new Promise((resolve) => setTimeout(resolve, (contender * 7 + round * 3) % 5))
      const random = createRandom(childKey(rootKey(7), 3, contender, round))
      return [0, 0.5, 0.4][contender]! + random.normal()
    })
    expect(delayed).toEqual({ winner: orderly.winner, decided: orderly.decided })
  })
})

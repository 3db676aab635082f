import { describe, expect, test } from 'vitest'
import { chooseRate, type RateChoice } from '../../src/tasks/rate-choice.ts'

const GRID = [10, 1e-2, 1e-5, 1, 0.1, 1e-3, 1e-4]

interface World {
  /** Of a short run; undefined when it diverges. */
  readonly short?: (learningRate: number, seed: number) => number | undefined
  /** Of a whole one. */
  readonly whole?: (learningRate: number, seed: number) => number | undefined
  readonly allows?: (learningRate: number) => boolean
  readonly grid?: readonly number[]
}

/** How far a learning rate is from another, in decades. */
const off = (learningRate: number, best: number): number =>
  -Math.abs(Math.log10(learningRate) - Math.log10(best))

interface Chosen extends RateChoice<number | undefined> {
  readonly asked: readonly string[]
}

async function choose({
  whole = (rate) => off(rate, 0.1),
  short = (rate) => off(rate, 0.1),
  allows = () => true,
  grid = GRID,
}: World = {}): Promise<Chosen> {
  const asked: string[] = []
  const choice = await chooseRate<number | undefined>({
    grid,
    allows,
    trialSeeds: [
      [1, 2],
      [3, 4],
    ],
    seeds: [11, 12, 13],
    trial: (rate, seed) => {
      asked.push(`trial ${rate} ${seed}`)
      return Promise.resolve(short(rate, seed))
    },
    run: (rate, seed) => {
      asked.push(`run ${rate} ${seed}`)
      return Promise.resolve(whole(rate, seed))
    },
    score: (run) => run,
  })
  return { ...choice, asked }
}

const ratesOf = ({ rivals }: RateChoice<unknown>): number[] =>
  rivals.map(({ learningRate }) => learningRate)

describe('a learning rate is chosen', () => {
  test('by whole runs of the two best powers of ten, and of the thirds of a decade around the best', async () => {
    const choice = await choose()
    expect(choice.learningRate).toBe(0.1)
    expect(ratesOf(choice)).toEqual([0.22, 0.1, 0.046, 0.01])
    for (const { runs } of choice.rivals) expect(runs).toHaveLength(3)
  })

  test('on seeds that the short runs are not made with, each run once', async () => {
    const { asked } = await choose()
    expect(asked.filter((each) => each.startsWith('trial'))).toHaveLength(2 * GRID.length)
    expect(asked.filter((each) => each.startsWith('run'))).toHaveLength(12)
    expect(new Set(asked).size).toBe(asked.length)
  })

  test.each([10, 4.6, 2.2, 1, 0.46, 0.22, 0.1, 0.046, 0.022])(
    'that is the best third of a decade, where short runs prefer smaller ones: %f',
    async (best) => {
      const choice = await choose({
        short: (rate) => off(rate, best / 4),
        whole: (rate) => off(rate, best),
      })
      expect(choice.learningRate).toBe(best)
      expect(choice.rivals.length).toBeLessThanOrEqual(8)
      const place = ratesOf(choice).indexOf(best)
      expect(place).toBeGreaterThan(0)
      expect(place).toBeLessThan(choice.rivals.length - 1)
    },
  )

  test('among those that the rule allows', async () => {
    const allows = (rate: number): boolean => rate <= 0.1 && rate >= 1e-3
    const choice = await choose({ allows, whole: (rate) => off(rate, 10) })
    expect(choice.learningRate).toBe(0.1)
    for (const rate of ratesOf(choice)) expect(allows(rate)).toBe(true)
    expect(await choose({ allows: () => false })).toMatchObject({ rivals: [], asked: [] })
  })

  test('by the mean over all seeds: one that fails on a single one is out', async () => {
    const choice = await choose({
      whole: (rate, seed) => (rate >= 0.1 && seed === 12 ? undefined : off(rate, 0.22)),
    })
    expect(choice.learningRate).toBe(0.046)
  })

  test('further down where the best of the short runs all fail', async () => {
    const choice = await choose({
      short: (rate) => rate,
      whole: (rate) => (rate > 1e-4 ? undefined : -rate),
    })
    expect(choice.learningRate).toBeLessThanOrEqual(1e-4)
    expect(choice.rivals.length).toBeLessThanOrEqual(8)
  })

  test('after the short runs were made again with other seeds, where all of them diverged', async () => {
    const choice = await choose({ short: (rate, seed) => (seed <= 2 ? undefined : off(rate, 0.1)) })
    expect(choice.learningRate).toBe(0.1)
    expect(choice.asked.filter((each) => each.startsWith('trial'))).toHaveLength(4 * GRID.length)
  })

  test('nowhere where nothing works', async () => {
    const hopeless = await choose({ short: () => undefined })
    expect(hopeless).toMatchObject({ learningRate: undefined, rivals: [] })
    const failing = await choose({ whole: () => undefined })
    expect(failing.learningRate).toBeUndefined()
    expect(ratesOf(failing)).toHaveLength(GRID.length)
  })

  test('around learning rates that are no thirds of a decade', async () => {
    const choice = await choose({ grid: [0.3, 0.003], whole: (rate) => off(rate, 0.3) })
    expect(ratesOf(choice)).toEqual([0.65, 0.3, 0.14, 0.003])
  })
})

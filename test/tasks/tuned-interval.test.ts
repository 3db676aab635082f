import { describe, expect, test } from 'vitest'
import { createRandom, childKey, rootKey, type Random } from '../../src/operators/random.ts'
import { meanInterval, type MeanInterval } from '../../src/tasks/mean-interval.ts'
import { chooseRate } from '../../src/tasks/rate-choice.ts'
import {
  choicesAgain,
  sharesAgain,
  tunedDifference,
  tunedInterval,
  type ChosenFrom,
} from '../../src/tasks/tuned-interval.ts'

interface Outcome {
  readonly score: number
  readonly test: number
}

/** A rule that is not, with what `optc` finds on fashion14-cnn: a broad hump, and noise as large as what a third of a decade costs. */
interface MadeUp {
  /** Where the best learning rate is, in decades. */
  readonly best: number
  readonly noise: number
}

/** The expected accuracy: slowly falling to smaller learning rates, fast to larger ones. */
function truth({ best }: MadeUp, learningRate: number): number {
  const thirds = 3 * (Math.log10(learningRate) - best)
  return 0.8 - (thirds < 0 ? 0.004 : 0.01) * thirds ** 2
}

function outcome(rule: MadeUp, learningRate: number, random: Random): Outcome {
  const expected = truth(rule, learningRate)
  const shared = random.normal()
  const own = (): number => rule.noise * (0.7 * shared + 0.7 * random.normal())
  return { score: expected + own(), test: expected + own() }
}

interface Tuned {
  readonly learningRate: number
  readonly values: readonly number[]
  readonly from: ChosenFrom
}

/** A learning rate chosen and run on fresh seeds, as the final evaluation does it. */
async function tune(rule: MadeUp, seeds: number, fresh: number, random: Random): Promise<Tuned> {
  const { learningRate, rivals } = await chooseRate<Outcome>({
    grid: [10, 1, 0.1, 1e-2, 1e-3, 1e-4, 1e-5],
    allows: () => true,
    trialSeeds: [[0, 1]],
    seeds: Array.from({ length: seeds }, (_, seed) => seed),
    // A short run sees a best rate that is smaller by half a decade.
    trial: (rate) =>
      Promise.resolve(outcome({ ...rule, best: rule.best - 0.5 }, rate, random).score),
    run: (rate) => Promise.resolve(outcome(rule, rate, random)),
    score: ({ score }) => score,
  })
  return {
    learningRate: learningRate!,
    values: Array.from({ length: fresh }, () => outcome(rule, learningRate!, random).test),
    from: {
      rivals: rivals.map(({ runs }) => ({
        scores: runs.map(({ score }) => score),
        measures: runs.map(({ test: measure }) => measure),
      })),
      chosen: rivals.findIndex((rival) => rival.learningRate === learningRate),
    },
  }
}

const TIMES = 1000

/** What a rule reaches with the best learning rate of the grid of thirds of a decade. */
const bestOf = (rule: MadeUp): number =>
  Math.max(...Array.from({ length: 19 }, (_, place) => truth(rule, 10 ** ((place - 15) / 3))))

const holds = ({ mean, halfWidth }: MeanInterval, value: number): number =>
  Math.abs(mean - value) <= halfWidth! ? 1 / TIMES : 0

/** How often intervals hold what they are for, over many made-up comparisons of two rules. */
async function coverage(seeds: number, fresh: number, noise: number) {
  const random = createRandom(childKey(rootKey(3), seeds, fresh, String(noise)))
  const found = { mean: 0, difference: 0, student: 0, studentDifference: 0 }
  for (let time = 0; time < TIMES; time++) {
    const [a, b] = [0, 1].map((): MadeUp => ({ best: -1.5 + 2 * random.uniform(), noise }))
    const [first, second] = [
      await tune(a!, seeds, fresh, random),
      await tune(b!, seeds, fresh, random),
    ]
    const values = first.values.map((value, seed) => value - second.values[seed]!)
    const gap = bestOf(a!) - bestOf(b!)
    found.mean += holds(tunedInterval(first.values, first.from)!, bestOf(a!))
    found.student += holds(meanInterval(first.values)!, bestOf(a!))
    found.difference += holds(tunedDifference(values, first.from, second.from)!, gap)
    found.studentDifference += holds(meanInterval(values)!, gap)
  }
  return found
}

describe.each([
  [3, 5, 0.008],
  [3, 5, 0.02],
  [5, 10, 0.008],
])('%i seeds to choose by, %i fresh ones, noise of %f', (seeds, fresh, noise) => {
  test('what the best learning rate gives is covered, and more often than by Student', async () => {
    const { mean, difference, student, studentDifference } = await coverage(seeds, fresh, noise)
    // The standard error of a share of 95 % of 1,000 is 0.7 points.
    expect(mean).toBeGreaterThan(0.935)
    expect(mean).toBeLessThan(0.985)
    expect(difference).toBeGreaterThan(0.945)
    expect(difference).toBeLessThan(0.99)
    expect(student).toBeLessThan(0.93)
    expect(studentDifference).toBeLessThan(0.93)
  })
})

describe('another choice', () => {
  const rival = (scores: readonly number[], measures = scores) => ({ scores, measures })

  test('is made from all resamples that are a seed short', () => {
    // Of nine pairs of seeds only two of the first prefer the first rival: 0.9 to 0, against 0.5 and 0.6.
    const from = { rivals: [rival([0.9, 0, 0]), rival([0.5, 0.6, 0.6])], chosen: 1 }
    expect(choicesAgain(from)).toHaveLength(9)
    expect(sharesAgain(from)).toEqual([1 / 9, 8 / 9])
  })

  test('of more seeds is made from some, always the same', () => {
    const scores = Array.from({ length: 8 }, (_, seed) => seed / 10)
    const from = { rivals: [rival(scores), rival([...scores].reverse())], chosen: 0 }
    const again = choicesAgain(from)
    expect(again).toHaveLength(2000)
    expect(choicesAgain(from)).toEqual(again)
    expect(sharesAgain(from)[0]).toBeCloseTo(0.5, 1)
  })

  test('adds the mean square of what it changes to the variance', () => {
    const values = [0.7, 0.72, 0.71]
    const from = {
      rivals: [rival([0.9, 0, 0], [0.8, 0.8, 0.8]), rival([0.5, 0.6, 0.6], [0.7, 0.7, 0.7])],
      chosen: 1,
    }
    const { mean, halfWidth } = tunedInterval(values, from)!
    expect(mean).toBeCloseTo(0.71, 12)
    // Student's t for 2 degrees of freedom; variance 0.0001 over 3 seeds; 0.1 in one of nine.
    expect(halfWidth).toBeCloseTo(4.302653 * Math.sqrt(0.0001 / 3 + 0.1 ** 2 / 9), 6)
  })

  test('of two rules that would change alike cancels', () => {
    const from = {
      rivals: [rival([0.9, 0, 0], [0.8, 0.8, 0.8]), rival([0.5, 0.6, 0.6], [0.7, 0.7, 0.7])],
      chosen: 1,
    }
    const values = [0.01, 0.02, 0.03]
    expect(tunedDifference(values, from, from)).toEqual(meanInterval(values))
    expect(tunedDifference(values, from, undefined)).toEqual(tunedInterval(values, from))
  })

  test('there is none of a single rival, and a single value has no interval', () => {
    const values = [1, 2, 4]
    const one = { rivals: [rival([0.5, 0.6])], chosen: 0 }
    expect(tunedInterval(values, one)).toEqual(meanInterval(values))
    expect(tunedInterval(values)).toEqual(meanInterval(values))
    expect(tunedInterval([1], one)).toEqual({ mean: 1, halfWidth: undefined, count: 1 })
    expect(tunedInterval([], one)).toBeUndefined()
  })
})

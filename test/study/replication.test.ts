import { describe, expect, it } from 'vitest'
import type { Fitness, FitnessRequest } from '../../src/evolve/fitness.ts'
import { ACCURACY } from '../../src/tasks/metric.ts'
import { findProtocol } from '../../src/tasks/protocol.ts'
import { scaledProtocol } from '../../src/tasks/protocol-scale.ts'
import type { OutcomeTable } from '../../src/study/outcome.ts'
import type { LoggedRule } from '../../src/study/published-log.ts'
import { rateErrorOf } from '../../src/study/rate-error.ts'
import { replicationUnits, type Replicated } from '../../src/study/replication.ts'
import { replicationOutcome } from '../../src/study/replication-outcome.ts'
import { published } from '../mutate/published.ts'
import { loader } from '../stdlib/library.ts'

const protocol = findProtocol('published')!
const fitness = (score: number | undefined, learningRate = 0.1): Fitness => ({
  ...{ surrogate: 'evolution', seed: 1, steps: 100, learningRate },
  ...(score === undefined ? { failure: 'the loss diverged' } : { score }),
})

const sample: readonly LoggedRule[] = [
  { rule: 'None ~ g', stage: 'initial', accuracies: [0.7, 0.72] },
  { rule: 'Mom ~ tanh(g)', stage: 'evolution', accuracies: [0.8] },
  { rule: 'None ~ -x', stage: 'evolution', accuracies: [] },
]

const setting = {
  ...{ task: 'cifar10', protocol, seed: 3, again: 1, space: published, loader },
}

describe('a replication', () => {
  it('evaluates each rule by the surrogate it was logged under, the first ones with two seeds and either choice', async () => {
    const asked: FitnessRequest[] = []
    const units = replicationUnits(sample.slice(0, 2), setting)
    const results = []
    for (const { run } of units)
      results.push(
        await run((task, request) => {
          expect(task).toBe('cifar10')
          asked.push(request)
          return Promise.resolve(fitness(0.5, request.learningRate ?? 10 ** -asked.length))
        }),
      )
    const [first, second, third, fourth, fifth] = asked
    expect(asked.length).toBe(5)
    expect(asked.map(({ surrogate }) => surrogate)).toEqual([
      ...Array.from({ length: 4 }, () => 'initial'),
      'evolution',
    ])
    expect(first!.seed).not.toBe(second!.seed)
    // What the first seed reaches with the choice of the second, and the other way round.
    expect(third).toEqual({ ...first, learningRate: 0.01 })
    expect(fourth).toEqual({ ...second, learningRate: 0.1 })
    expect(fifth!.seed).not.toBe(first!.seed)
    expect(results.map(({ logged }) => logged)).toEqual([0.71, 0.8])
    expect(results[1]).not.toHaveProperty('again')
  })

  it('runs nothing twice where both seeds chose the same learning rate, or one found none', async () => {
    for (const rates of [
      [0.1, 0.1],
      [0.1, undefined],
    ]) {
      let count = 0
      await replicationUnits(sample.slice(0, 1), setting)[0]!.run(() => {
        const { learningRate: _, ...rest } = fitness(0.5)
        const learningRate = rates[count++]
        return Promise.resolve(learningRate === undefined ? rest : { ...rest, learningRate })
      })
      expect(count).toBe(2)
    }
  })
})

describe('the error of a chosen learning rate', () => {
  it('is what the other choice changes, nothing where it is the same', () => {
    expect(
      rateErrorOf([
        { own: fitness(0.5), other: fitness(0.4) },
        { own: fitness(0.6), other: fitness(0.8) },
        { own: fitness(0.7) },
        { own: fitness(0.7) },
        { own: fitness(undefined), other: fitness(0.7) },
      ]),
    ).toEqual({
      ...{ count: 4, changed: 2, failed: 0 },
      mean: expect.closeTo(0.025, 12) as number,
      deviation: expect.closeTo(Math.sqrt((0.01 + 0.04) / 4), 12) as number,
    })
  })

  it('tells of choices that fail, and is not there without a score', () => {
    const error = rateErrorOf([{ own: fitness(0.5), other: fitness(undefined) }])
    expect(error).toMatchObject({ count: 1, changed: 1, failed: 1 })
    expect(rateErrorOf([{ own: fitness(undefined) }])).toBeUndefined()
  })
})

describe('what is told of a replication', () => {
  const replicated: readonly Replicated[] = [
    ...[0.5, 0.6, 0.7, 0.71, 0.74, 0.8].map((logged, index): Replicated => ({
      ...{ rule: `None ~ ${index}`, stage: 'evolution', logged },
      found: fitness(logged - 0.1 + (index % 2 === 0 ? 0.01 : -0.01)),
    })),
    { rule: 'None ~ a', stage: 'evolution', found: fitness(undefined) },
    { rule: 'None ~ b', stage: 'evolution', found: fitness(0.3) },
    {
      ...{ rule: 'None ~ expMovAvg(g)', stage: 'initial', logged: 0.7, found: fitness(0.5) },
      again: { found: fitness(0.54, 0.01), swapped: [fitness(0.6), fitness(0.52)] },
    },
  ]
  const facts = {
    ...{ task: 'fashion14-cnn', metric: ACCURACY, protocol: scaledProtocol(protocol, 0.01) },
    ...{ scale: 0.01, seed: 7, backend: 'wasm', sample: 12 },
  }
  const outcome = replicationOutcome(replicated, facts)
  const table = (title: string): OutcomeTable =>
    outcome.tables.find((each) => each.title === title)!

  it('compares accuracies by surrogate', () => {
    const [initial, evolution, all, withFailures] = table('Agreement').rows
    expect(initial).toEqual(['logged accuracy, initial', '1', '–', '1', '-20.00'])
    // The third is found above the fourth: the rank correlation is 1 - 6 * 2 / 210.
    expect(evolution!.slice(0, 2)).toEqual(['logged accuracy, evolution', '6'])
    expect(evolution![2]).toMatch(/^0\.94 \(/)
    expect(evolution![4]).toMatch(/^-10\.00 ± 1\.15$/)
    expect(all![1]).toBe('7')
    expect(withFailures![1]).toBe('8')
  })

  it('counts failures on both sides', () => {
    const [failed, came, all] = table('Failures').rows
    expect(failed!.slice(1, 3)).toEqual(['1', '1'])
    expect(came!.slice(1, 3)).toEqual(['0', '7'])
    expect(all![3]).toMatch(/^8 of 9 \(/)
    expect(table('Failures').note).toContain('in 100 % of pairs')
  })

  it('tells the error of the chosen learning rate', () => {
    const { rows } = table('Error of one evaluation and of its learning rate')
    const value = (text: string): readonly string[] => rows.find(([what]) => what!.includes(text))!
    // Of 0.5 and 0.54: 4 points over the root of two.
    expect(value('from seed to seed')[2]).toBe('2.83')
    expect(value('chose otherwise').slice(1)).toEqual(['2', '2'])
    // Changes of 10 and -2 points.
    expect(value('root mean square')[2]).toBe('7.21')
    expect(value(', mean')[2]).toBe('4.00')
  })

  it('says what differs from the published runs', () => {
    const text = outcome.remarks.join('\n')
    expect(text).toContain('initial: runs of 80 steps, 8 for each learning rate of the probe')
    expect(text).toContain('published: runs of 16,000 steps, 800')
    expect(text).toContain('The task is fashion14-cnn')
    expect(text).toContain('the seed 7')
    expect(text).toContain('1 rule of these uses it')
    const whole = replicationOutcome(replicated, {
      ...{ ...facts, protocol, scale: 1, task: 'cifar10', data: 'The images are JPEG files.' },
    })
    expect(whole.remarks.join('\n')).not.toMatch(/times as long|The task is/)
    expect(whole.remarks).toContain('The images are JPEG files.')
  })

  it('draws every rule with a logged accuracy once', () => {
    const [drawing] = outcome.drawings
    expect(drawing!.svg.match(/<circle/g)!.length).toBe(7)
  })
})

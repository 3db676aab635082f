import { describe, expect, it } from 'vitest'
import {
  findProtocol,
  planLearningRate,
  PROTOCOLS,
  surrogatesOf,
} from '../../src/tasks/protocol.ts'
import { findTask } from '../../src/tasks/task.ts'

describe('the published protocol', () => {
  const { initial, evolution, ladder, finals } = findProtocol('published')!

  it('has the numbers of the initial stage', () => {
    expect(initial).toEqual({
      name: 'initial',
      width: { base: 32 },
      batchSize: 128,
      epochSteps: 200,
      totalSteps: 8000,
      warmupSteps: 800,
      holdSteps: 0,
      probe: [
        {
          learningRates: [10, 1e-2, 1e-5],
          epochs: 4,
          epochSteps: 200,
          stop: { afterEpoch: 3, below: 0.25 },
          failBelow: 0.25,
        },
        {
          learningRates: [1, 0.1, 1e-3, 1e-4],
          epochs: 4,
          epochSteps: 200,
          stop: { afterEpoch: 3, below: 0.25 },
          failBelow: 0.4,
        },
      ],
      epochs: 40,
      stop: { afterEpoch: 5, below: 0.4 },
    })
  })

  it('evolves with the same probe on a wider network, longer, on augmented images', () => {
    expect(evolution).toEqual({
      ...initial,
      name: 'evolution',
      width: { base: 48 },
      epochSteps: 400,
      totalSteps: 16000,
      augmentation: { pad: 4, flip: true, cutout: 8 },
    })
  })

  it('ends on the tasks of the paper, the language model as a supplement', () => {
    expect(finals!.map(({ stage, task }) => `${stage}: ${task}`)).toEqual([
      'final evaluation: cifar10-efficientnetv2-s',
      'final evaluation: cifar100-efficientnetv2-s',
      'final evaluation: tiny-imagenet-efficientnetv2-s',
      'fine-tuning: flowers102-efficientnetv2-s',
      'fine-tuning: cars196-efficientnetv2-s',
      'fine-tuning: caltech101-efficientnetv2-s',
      'supplement: ptb-lstm',
    ])
    expect(finals!.filter(({ isSupplement }) => isSupplement)).toEqual(finals!.slice(-1))
  })

  it('names tasks that there are', () => {
    for (const { task } of finals ?? []) expect(findTask(task), task).toBeDefined()
  })

  it('eliminates on networks that grow', () => {
    const bases = [initial, evolution, ...ladder.map(({ surrogate }) => surrogate)].map(
      ({ width }) => ('base' in width ? width.base : 0),
    )
    expect(bases).toEqual([...new Set(bases)].sort((a, b) => a - b))
  })
})

describe.each(PROTOCOLS.map((protocol) => [protocol.name, protocol] as const))(
  'the protocol %s',
  (name, protocol) => {
    it('is found by its name', () => {
      expect(findProtocol(name)).toBe(protocol)
    })

    it('lets fewer and fewer rules come to longer and longer runs', () => {
      const { evolution, ladder } = protocol
      const lengths = [evolution, ...ladder.map(({ surrogate }) => surrogate)].map(
        ({ totalSteps }) => totalSteps,
      )
      expect(lengths).toEqual([...lengths].sort((a, b) => a - b))
      const entrants = ladder.map((rung) => rung.entrants)
      expect(entrants).toEqual([...entrants].sort((a, b) => b - a))
      expect(entrants.length).toBeGreaterThan(0)
    })

    it.each(surrogatesOf(protocol).map((surrogate) => [surrogate.name, surrogate] as const))(
      'warms up to the learning rate and falls to 0 at the end of a run: %s',
      (_, surrogate) => {
        const { totalSteps, warmupSteps, holdSteps, epochs, epochSteps } = surrogate
        const at = (t: number): number => planLearningRate(surrogate, 2, t)
        expect(at(0)).toBe(0)
        expect(at(warmupSteps / 2)).toBeCloseTo(1, 12)
        expect(at(warmupSteps + holdSteps)).toBe(2)
        expect(at((totalSteps + warmupSteps + holdSteps) / 2)).toBeCloseTo(1, 12)
        expect(at(epochs * epochSteps)).toBeCloseTo(0, 12)
        expect(at(totalSteps + 100)).toBeCloseTo(0, 12)
      },
    )
  },
)

describe('planLearningRate', () => {
  const plan = { ...findProtocol('quick')!.initial, totalSteps: 100, warmupSteps: 10 }

  it('holds the peak', () => {
    const held = { ...plan, holdSteps: 20 }
    for (const t of [10, 20, 30]) expect(planLearningRate(held, 3, t)).toBe(3)
    expect(planLearningRate(held, 3, 31)).toBeLessThan(3)
  })

  it('does not fall where nothing is left to fall in', () => {
    expect(planLearningRate({ ...plan, holdSteps: 90 }, 3, 100)).toBe(3)
  })
})

describe('surrogatesOf', () => {
  it('names each once, in the order of their use', () => {
    const names = (name: string): string[] =>
      surrogatesOf(findProtocol(name)!).map((surrogate) => surrogate.name)
    expect(names('quick')).toEqual(['width-1', 'width-1.5', 'width-2'])
    expect(names('sketch')).toEqual(['short', 'long'])
    const published = names('published')
    expect(published.slice(0, 4)).toEqual(['initial', 'evolution', 'base-64', 'base-96'])
    expect(published.slice(4)).toEqual([
      'cifar10, efficientnetv2-s',
      'cifar100, efficientnetv2-s',
      'tiny-imagenet, efficientnetv2-s',
      'flowers102, efficientnetv2-s',
      'cars196, efficientnetv2-s',
      'caltech101, efficientnetv2-s',
      'ptb, lstm',
    ])
  })
})

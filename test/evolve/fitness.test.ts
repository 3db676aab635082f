import { beforeAll, describe, expect, it } from 'vitest'
import type { ModuleLoader } from '../../src/resolve/resolution.ts'
import type { Source } from '../../src/diagnostics/source.ts'
import {
  createJudge,
  placeOf,
  type Fitness,
  type FitnessRequest,
} from '../../src/evolve/fitness.ts'
import { selectBackend } from '../../src/runtime/backends.ts'
import { findProtocol, type Protocol, type Surrogate } from '../../src/tasks/protocol.ts'
import { opened } from '../tasks/opened.ts'

beforeAll(async () => {
  expect(await selectBackend('wasm')).toMatchObject({ ok: true })
})

const noModules: ModuleLoader = () => undefined

const small: Surrogate = {
  ...findProtocol('sketch')!.initial,
  name: 'small',
  epochSteps: 10,
  totalSteps: 40,
  warmupSteps: 5,
  probe: [
    { learningRates: [10, 0.1], epochs: 2, stop: { afterEpoch: 1, below: 0 }, failBelow: 0.2 },
    { learningRates: [1e-5], epochs: 1, stop: { afterEpoch: 1, below: 0 }, failBelow: 0.2 },
  ],
  epochs: 4,
  stop: { afterEpoch: 2, below: 0.15 },
}

const protocol: Protocol = {
  name: 'test',
  summary: '',
  initial: small,
  evolution: { ...small, name: 'narrow', width: { times: 0.1 } },
  ladder: [
    {
      surrogate: { ...small, name: 'augmented', augmentation: { pad: 2, flip: true, cutout: 4 } },
      entrants: 1,
      seeds: 1,
    },
    {
      surrogate: { ...small, name: 'strict', stop: { afterEpoch: 3, below: 0.99 } },
      entrants: 1,
      seeds: 1,
    },
    {
      surrogate: { ...small, name: 'hopeless', probe: [{ ...small.probe[0]!, failBelow: 0.95 }] },
      entrants: 1,
      seeds: 1,
    },
  ],
}

const rule = (update: string): Source => ({
  path: 'rule.opt',
  text: `optimizer Rule(lr in (0, inf) = 0.1) {\n  update = lr * (${update})\n}\n`,
})

async function judge(
  request: Partial<FitnessRequest> = {},
  task = 'fashion14-mlp',
): Promise<Fitness> {
  const asked = { source: rule('g'), flipped: false, surrogate: 'small', seed: 1, ...request }
  return createJudge(await opened(task), protocol, noModules)(asked)
}

describe('a judge', () => {
  it('chooses a learning rate and counts the steps of the probe', async () => {
    const fitness = await judge()
    expect(fitness).toMatchObject({ surrogate: 'small', seed: 1, learningRate: 0.1 })
    expect(fitness.score).toBeGreaterThan(0.4)
    expect(fitness.testMetric).toBeGreaterThan(0.4)
    expect(fitness.failure).toBeUndefined()
    // Two learning rates of 20 steps, one of 10, then 40.
    expect(fitness.steps).toBe(90)
  })

  it('repeats to the bit, and differs by seed', async () => {
    const first = await judge()
    expect(await judge()).toEqual(first)
    expect((await judge({ seed: 2 })).testLoss).not.toBe(first.testLoss)
  })

  it('skips the probe when the learning rate is given', async () => {
    const given = await judge({ learningRate: 0.1 })
    expect(given.steps).toBe(40)
    const { steps, ...probed } = await judge()
    expect({ ...given, steps }).toEqual({ ...probed, steps })
  })

  it('adds the update of a flipped rule', async () => {
    const flipped = await judge({ source: rule('-g'), flipped: true })
    expect(flipped).toEqual(await judge())
  })

  it('trains the surrogate that is asked for: its width, its augmentation', async () => {
    const scores = new Map<string, number | undefined>()
    for (const surrogate of ['small', 'narrow', 'augmented'] as const) {
      const fitness = await judge({ surrogate, learningRate: 0.1 })
      expect(fitness.surrogate).toBe(surrogate)
      scores.set(surrogate, fitness.testLoss)
    }
    expect(new Set(scores.values()).size).toBe(3)
    expect(scores.get('narrow')).toBeGreaterThan(scores.get('small')!)
  })

  it('has minus the last loss for functions', async () => {
    const fitness = await judge({}, 'quadratic')
    expect(fitness.score).toBe(-fitness.testLoss!)
    expect(fitness.testMetric).toBeUndefined()
  })

  describe('holds to what a rule declares', () => {
    const program = (hyperparameters: string, update: string): Source => ({
      path: 'rule.opt',
      text: `optimizer Rule(${hyperparameters}) {\n  update = ${update}\n}\n`,
    })
    const asIs = async (source: Source): Promise<Omit<Fitness, 'learningRate'>> => {
      const { learningRate: _, ...rest } = await judge({ source, learningRate: 0.1 })
      return rest
    }
    const constant = (value: number): Source =>
      program('lr in (0, inf) = 1', `(0 * lr + ${value}) * g`)

    it('tries no learning rate outside of its interval, and holds the schedule to it', async () => {
      const narrow = await judge({ source: program('lr in [0.05, 1] = 0.1', 'lr * g') })
      // Of 10, 0.1 and 1e-5 only 0.1 is tried: 20 steps, then 40.
      expect(narrow).toMatchObject({ learningRate: 0.1, steps: 60 })
      const bounded = await judge({
        source: program('lr in (0, inf) = 0.1', 'max(lr, 0.05) * g'),
        learningRate: 0.1,
      })
      expect(narrow.testLoss).toBe(bounded.testLoss)
      expect(await judge({ source: program('lr in [2, 3] = 2', 'lr * g') })).toEqual({
        surrogate: 'small',
        seed: 1,
        steps: 0,
        failure: 'it allows no learning rate of the probe',
      })
    })

    it('gives a rule without a learning rate none', async () => {
      const none = await judge({ source: program('', '0.1 * g') })
      expect(none).toEqual(await asIs(constant(0.1)))
      expect(none.steps).toBe(40)
    })

    it('leaves a warm-up at its default that must not be as long as the plan’s', async () => {
      const update = 'lr * min((t + 1) / (warmup + 1), 1) * g'
      const own = await judge({
        source: program('lr in (0, inf) = 0.1, warmup in [0, 3] = 2', update),
        learningRate: 0.1,
      })
      const at = async (warmup: number): Promise<Fitness> =>
        judge({
          source: program(
            'lr in (0, inf) = 0.1, warmup in [0, inf) = 2',
            update.replace('(warmup + 1)', `(0 * warmup + ${warmup + 1})`),
          ),
          learningRate: 0.1,
        })
      expect(own.testLoss).toBe((await at(2)).testLoss)
      const allowed = await judge({
        source: program('lr in (0, inf) = 0.1, warmup in [0, 5] = 2', update),
        learningRate: 0.1,
      })
      expect(allowed.testLoss).toBe((await at(5)).testLoss)
    })
  })

  it('makes a trial as the probe does: as long, untested, a score even when it is ended', async () => {
    const trial = await judge({ learningRate: 0.1, isTrial: true })
    const { testMetric: _, testLoss: __, ...rest } = trial
    expect(trial).toEqual({ ...rest, steps: 20, learningRate: 0.1 })
    expect(rest.score).toBeGreaterThan(0.2)
    // 1e-5 belongs to the round of one epoch; what no round has is tried as the last one does.
    expect(await judge({ learningRate: 1e-5, isTrial: true })).toMatchObject({ steps: 10 })
    expect(await judge({ learningRate: 0.05, isTrial: true })).toMatchObject({ steps: 10 })
    const source = rule('1e30 * g')
    expect(await judge({ source, learningRate: 10, isTrial: true })).toMatchObject({
      failure: 'the loss diverged',
    })
  })

  it.each<[string, Partial<FitnessRequest>, Partial<Fitness>]>([
    [
      'does not compile',
      { source: rule('nothing') },
      { steps: 0, failure: 'the rule does not compile' },
    ],
    [
      'diverges',
      { source: rule('1e30 * g'), learningRate: 10 },
      { failure: 'the loss diverged', learningRate: 10 },
    ],
    [
      'learns too little',
      { surrogate: 'strict' },
      { failure: 'training accuracy below 0.99 after epoch 3', learningRate: 0.1, steps: 80 },
    ],
    [
      'learns with no learning rate',
      { surrogate: 'hopeless' },
      { failure: 'no learning rate reached a training accuracy of 0.95', steps: 40 },
    ],
  ])('says why a rule that %s has no score', async (_, request, expected) => {
    const fitness = await judge(request)
    expect(fitness).toMatchObject(expected)
    expect(fitness.score).toBeUndefined()
  })

  it('rejects for a surrogate that the protocol does not have', async () => {
    await expect(judge({ surrogate: 'other' })).rejects.toThrow(
      'protocol test has no surrogate other but small, narrow, augmented, strict, hopeless',
    )
  })
})

describe('a judge of several tasks', () => {
  const several: Protocol = {
    ...protocol,
    ladder: [
      ...protocol.ladder,
      { surrogate: { ...small, name: 'valley' }, entrants: 1, seeds: 1, task: 'rosenbrock' },
    ],
    finals: [{ stage: 'more', task: 'quadratic', surrogate: { ...small, name: 'bowl' } }],
  }
  const asked = { source: rule('g'), flipped: false, seed: 1, learningRate: 1e-4 }

  it('trains each surrogate on its own task, which is open while nothing else is asked for', async () => {
    const opening: string[] = []
    const judgeSeveral = createJudge(await opened('fashion14-mlp'), several, noModules, (name) => {
      opening.push(name)
      return opened(name)
    })
    const names = ['valley', 'small', 'valley', 'bowl', 'valley']
    const found = await Promise.all(names.map((surrogate) => judgeSeveral({ ...asked, surrogate })))
    expect(opening).toEqual(['rosenbrock', 'quadratic', 'rosenbrock'])
    expect(found.map(({ surrogate }) => surrogate)).toEqual(names)
    expect(found[2]).toEqual(found[0])
    const alone = await judge({ ...asked, surrogate: 'small' }, 'quadratic')
    expect({ ...found[3], surrogate: 'small' }).toEqual(alone)
    expect(found[1]!.testMetric).toBeDefined()
    expect(found[0]!.testMetric).toBeUndefined()
  })

  it('rejects where a task cannot be opened, and judges on', async () => {
    const judgeSeveral = createJudge(await opened('quadratic'), several, noModules)
    await expect(judgeSeveral({ ...asked, surrogate: 'valley' })).rejects.toThrow('rosenbrock')
    expect((await judgeSeveral({ ...asked, surrogate: 'small' })).score).toBeLessThan(0)
  })
})

describe('placeOf', () => {
  it('finds those of the stages and of the ladder', () => {
    expect(placeOf(protocol, 'small').surrogate).toBe(protocol.initial)
    expect(placeOf(protocol, 'narrow').surrogate).toBe(protocol.evolution)
    expect(placeOf(protocol, 'strict')).toBe(protocol.ladder[1])
    expect(() => placeOf(protocol, 'other')).toThrow(RangeError)
  })
})

import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { selectBackend } from '../../src/runtime/backends.ts'
import {
  stopBelow,
  trainByPlan,
  tuneLearningRate,
  type TrialProgress,
  type TuneOptions,
} from '../../src/tasks/learning-rate.ts'
import { findProtocol, type TrainingPlan } from '../../src/tasks/protocol.ts'
import { opened } from './opened.ts'

beforeAll(async () => {
  expect(await selectBackend('wasm')).toMatchObject({ ok: true })
})

const tiny: TrainingPlan = {
  ...findProtocol('quick')!.initial,
  epochSteps: 10,
  probe: [
    { learningRates: [1e4, 1e-9], epochs: 2, stop: { afterEpoch: 1, below: 0.05 }, failBelow: 0 },
    { learningRates: [0.1, 1e-3], epochs: 2, stop: { afterEpoch: 1, below: 0.05 }, failBelow: 0.2 },
  ],
  epochs: 3,
  stop: { afterEpoch: 2, below: 0.01 },
}

const tune = async (options: Partial<TuneOptions> = {}) =>
  tuneLearningRate({
    task: await opened('fashion14-mlp'),
    optimizer: (learningRate) => tf.train.sgd(learningRate!),
    plan: tiny,
    seed: 1,
    ...options,
  })

describe('tuneLearningRate', () => {
  it('finds the learning rate that learns, and records every trial', async () => {
    const seen: TrialProgress[] = []
    const result = await tune({ onTrial: (trial) => seen.push(trial) })
    expect(result).toMatchObject({ ok: true, learningRate: 0.1 })
    expect(result.trials.map(({ learningRate }) => learningRate)).toEqual([1e4, 1e-9, 0.1, 1e-3])
    expect(Math.max(...result.trials.map(({ score }) => score))).toBe(result.trials[2]!.score)
    expect(result.trials.map(({ result: { testMetric } }) => testMetric)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect(seen.map(({ index, trial }) => [index, trial !== undefined])).toEqual(
      [0, 1, 2, 3].flatMap((index) => [
        [index, false],
        [index, true],
      ]),
    )
  })

  it('ends after a round in which none is good enough', async () => {
    const strict = { ...tiny, probe: tiny.probe.map((round) => ({ ...round, failBelow: 0.9 })) }
    const result = await tune({ plan: strict })
    expect(result).toMatchObject({
      ok: false,
      reason: 'no learning rate reached a training accuracy of 0.9',
    })
    expect(result.trials).toHaveLength(2)
  })

  it('works where there is no accuracy: by the loss, divergence last', async () => {
    const result = await tune({ task: await opened('quadratic') })
    expect(result).toMatchObject({ ok: true, learningRate: 1e-3 })
    expect(result.trials[0]!.score).toBe(-Infinity)
  })

  it('says so when everything diverges', async () => {
    const wild = { ...tiny, probe: [{ ...tiny.probe[0]!, learningRates: [1e4, 1e5] }] }
    expect(await tune({ task: await opened('quadratic'), plan: wild })).toMatchObject({
      ok: false,
      reason: 'the loss diverged with every learning rate',
    })
  })

  it('ends on a signal', async () => {
    const controller = new AbortController()
    controller.abort()
    const result = await tune({ signal: controller.signal })
    expect(result).toMatchObject({ ok: false, reason: 'interrupted' })
    expect(result.trials).toHaveLength(1)
  })

  it('gives every optimizer the schedule length of the plan', async () => {
    const lengths = new Set<number>()
    const optimizer = (learningRate: number | undefined, totalSteps: number): tf.Optimizer => {
      lengths.add(totalSteps)
      return tf.train.sgd(learningRate!)
    }
    const options = { task: await opened('quadratic'), optimizer, plan: tiny, seed: 1 }
    await tune(options)
    const result = await trainByPlan({ ...options, learningRate: 1e-3 })
    expect([...lengths]).toEqual([tiny.totalSteps])
    expect(result.curve.map(({ step }) => step)).toEqual([10, 20, 30])
  })

  it('tries learning rates in epochs of the probe, where it has its own', async () => {
    const probe = tiny.probe.slice(1).map((round) => ({ ...round, epochSteps: 7 }))
    const { trials } = await tune({ task: await opened('quadratic'), plan: { ...tiny, probe } })
    expect(trials[1]!.result.curve.map(({ step }) => step)).toEqual([7, 14])
  })
})

describe('stopBelow', () => {
  const point = (trainMetric: number) => ({
    step: 1,
    trainLoss: 1,
    validationLoss: 1,
    trainMetric,
  })
  const stop = stopBelow({ afterEpoch: 2, below: 0.3 })

  it('stops a run below an accuracy, from an epoch on, with one reason', () => {
    const reason = 'training accuracy below 0.3 after epoch 2'
    expect(stop([point(0.1)])).toBeUndefined()
    expect(stop([point(0.1), point(0.29)])).toBe(reason)
    expect(stop([point(0.1), point(0.3)])).toBeUndefined()
    expect(stop([point(0.4), point(0.4), point(0.2)])).toBe(reason)
  })

  it('lets a run without accuracies go on', () => {
    const bare = { step: 1, trainLoss: 1, validationLoss: 1 }
    expect(stop([bare, bare])).toBeUndefined()
  })
})

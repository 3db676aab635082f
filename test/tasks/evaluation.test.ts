import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { createRandom, rootKey } from '../../src/operators/random.ts'
import { instantiate } from '../../src/plan/run/evaluate.ts'
import { selectBackend } from '../../src/runtime/backends.ts'
import { loadOptimizerFactory } from '../../src/runtime/optimizer-factory.ts'
import { buildNetwork } from '../../src/tasks/networks/network.ts'
import type { FunctionTask } from '../../src/tasks/function-problem.ts'
import { searchNetwork } from '../../src/tasks/networks/networks.ts'
import { findTask } from '../../src/tasks/task.ts'
import { train } from '../../src/tasks/train.ts'
import { optimizer } from '../stdlib/library.ts'
import { opened } from './opened.ts'
import { OBJECTIVES } from '../../src/tasks/networks/objectives/table.ts'

beforeAll(async () => {
  expect(await selectBackend('cpu')).toMatchObject({ ok: true })
})

describe('train', () => {
  it('scores the weights that a rule is evaluated with, and trains on at the others', async () => {
    const task = findTask('quadratic') as FunctionTask
    const program = optimizer('schedule_free_sgd')
    const rule = await loadOptimizerFactory(program)
    const hyperparameters = { lr: 0.005, momentum: 0.6 }
    const before = tf.memory().numTensors
    const result = await train({
      task: await opened(task),
      optimizer: (totalSteps) => rule({ hyperparameters, totalSteps }),
      seed: 0,
      steps: 12,
      evaluateEvery: 4,
    })
    expect(tf.memory().numTensors).toBe(before)

    const evaluation = instantiate(program, { shape: [task.start.length], hyperparameters })
    let w = Float64Array.from(task.start, Math.fround)
    let states = evaluation.initialize(w)
    const losses: number[] = []
    const ownLosses: number[] = []
    for (let t = 0; t < 12; t++) {
      const step = evaluation.update(task.gradient([...w]).map(Math.fround), states, w, t)
      states = step.states
      w = w.map((value, at) => Math.fround(value - step.update[at]!))
      if (t % 4 !== 3) continue
      losses.push(task.value([...evaluation.evaluate!(states, w, t)]))
      ownLosses.push(task.value([...w]))
    }
    result.curve.forEach(({ validationLoss }, point) => {
      expect(validationLoss / losses[point]!).toBeCloseTo(1, 4)
      expect(Math.abs(ownLosses[point]! / losses[point]! - 1)).toBeGreaterThan(0.01)
    })
    expect(result.testLoss).toBe(result.finalLoss)
  })
})

describe('moving averages of weights that were not trained at', () => {
  it('are those of the given images alone while a function runs, then what they were', async () => {
    const image = { input: [6, 6, 1], outputs: 3 }
    const model = buildNetwork(searchNetwork(2), image, OBJECTIVES.classification, rootKey(1))
    const random = createRandom(rootKey(2))
    const draw = (count: number): tf.Tensor4D =>
      tf.tensor4d(
        Float32Array.from({ length: count * 36 }, () => 3 + 2 * random.normal()),
        [count, 6, 6, 1],
      )
    const some = draw(40)
    const averages = (): number[][] =>
      model.layers.flatMap(({ state }) => state.map((each) => [...each.dataSync()]))
    const start = averages()
    const before = tf.memory().numTensors
    const inside = await model.withAveragesOf(some, async () => averages())
    expect(averages()).toEqual(start)
    expect(inside).not.toEqual(start)
    expect(tf.memory().numTensors).toBe(before)
    // What training would settle at if it saw these images for ever: the first layer's input does not depend on averages.
    const [convolution, normalization] = model.layers
    const { mean, variance } = tf.moments(convolution!.infer(some), [0, 1, 2])
    const wanted = [mean, variance].map((each) => [...each.dataSync()])
    expect(normalization!.state).toHaveLength(2)
    wanted.forEach((values, index) =>
      values.forEach((value, channel) => {
        expect(inside[index]![channel]).toBeCloseTo(value, 4)
      }),
    )
    await expect(
      model.withAveragesOf(some, () => Promise.reject(new Error('stop'))),
    ).rejects.toThrow('stop')
    expect(averages()).toEqual(start)
  })
})

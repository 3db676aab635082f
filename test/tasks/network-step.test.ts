import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { rootKey } from '../../src/operators/random.ts'
import { selectBackend } from '../../src/runtime/backends.ts'
import { createNetworkStep } from '../../src/runtime/wasm/network-step.ts'
import {
  buildNetwork,
  type NetworkModel,
  type NetworkStep,
} from '../../src/tasks/networks/network.ts'
import type { Network } from '../../src/tasks/networks/network.ts'
import {
  convolutionalNetwork,
  perceptron,
  searchNetwork,
} from '../../src/tasks/networks/networks.ts'
import { normalTensor, relativeDifference } from '../runtime/values.ts'
import { OBJECTIVES } from '../../src/tasks/networks/objectives/table.ts'

beforeAll(async () => {
  for (const name of ['cpu', 'wasm'] as const)
    expect(await selectBackend(name)).toMatchObject({ ok: true })
})

interface StepCase {
  readonly network: Network
  /** Height, width and channels. */
  readonly image: readonly [number, number, number]
  readonly classes: number
  readonly batch: number
}

const CASES: Readonly<Record<string, StepCase>> = {
  'one hidden layer': {
    network: perceptron([128]),
    ...{ image: [14, 14, 1], classes: 10, batch: 64 },
  },
  'no hidden layer': {
    network: perceptron([]),
    ...{ image: [3, 5, 1], classes: 4, batch: 3 },
  },
  'widths that are no multiples of four': {
    network: perceptron([7, 13, 2]),
    ...{ image: [4, 3, 1], classes: 5, batch: 6 },
  },
  'the small convolutional network': {
    network: searchNetwork(8),
    ...{ image: [14, 14, 1], classes: 10, batch: 9 },
  },
  'three channels, an odd size': {
    network: searchNetwork(4),
    ...{ image: [9, 7, 3], classes: 7, batch: 5 },
  },
  'panels of eight columns and of four': {
    network: convolutionalNetwork([12, 20, 4], 0.5),
    ...{ image: [6, 8, 2], classes: 3, batch: 4 },
  },
}

const build = ({ network, image, classes }: StepCase): NetworkModel =>
  buildNetwork(network, { input: image, outputs: classes }, OBJECTIVES.classification, rootKey(5))

function batchOf({ image, classes, batch }: StepCase, seed: number): [tf.Tensor4D, tf.Tensor2D] {
  const labels = Array.from({ length: batch }, (_, index) => (index * seed) % classes)
  const oneHot = tf.oneHot(tf.tensor1d(labels, 'int32'), classes) as tf.Tensor2D
  return [
    normalTensor<tf.Rank.R4>([batch, ...image], seed),
    tf.cast<tf.Tensor2D>(oneHot, 'float32'),
  ]
}

/** Loss, hits, and the gradients in their order, in which rules draw random numbers. */
const valuesOf = ({ loss, correct, gradients }: NetworkStep): Float32Array[] =>
  [loss, correct!, ...Object.values(gradients)].map((tensor) => tensor.dataSync<'float32'>())

/** Loss, hits, gradients and moving averages of two steps, with a change of the weights between them. */
async function twoSteps(backend: string, stepCase: StepCase): Promise<Float32Array[]> {
  await tf.setBackend(backend)
  return tf.tidy(() => {
    const model = build(stepCase)
    const parameters = model.layers.flatMap((layer) => layer.parameters)
    const results: Float32Array[] = []
    for (const step of [3, 4]) {
      const result = model.step(...batchOf(stepCase, step), step)
      results.push(...valuesOf(result))
      for (const parameter of parameters)
        parameter.assign(tf.sub(parameter, tf.mul(result.gradients[parameter.name]!, 0.1)))
    }
    for (const state of model.layers.flatMap((layer) => layer.state))
      results.push(state.dataSync<'float32'>())
    model.dispose()
    return results
  })
}

describe('a step that is taken as a whole', () => {
  it.each(Object.keys(CASES))('is taken: %s', async (name) => {
    await tf.setBackend('wasm')
    const { image, batch } = CASES[name]!
    const model = build(CASES[name]!)
    const stages = model.layers.map((layer) => layer.stage!(rootKey(1)))
    const step = createNetworkStep(stages, [batch, ...image])
    expect(step).toBeDefined()
    step?.dispose()
    model.dispose()
  })

  it.each(Object.keys(CASES))("has cpu's numbers: %s", async (name) => {
    const expected = await twoSteps('cpu', CASES[name]!)
    const actual = await twoSteps('wasm', CASES[name]!)
    expect(actual.length).toBe(expected.length)
    for (const [index, values] of expected.entries())
      expect(relativeDifference(actual[index]!, values)).toBeLessThan(1e-5)
  })

  it('repeats to the bit', async () => {
    const stepCase = CASES['the small convolutional network']!
    expect(await twoSteps('wasm', stepCase)).toEqual(await twoSteps('wasm', stepCase))
  })

  it('is not taken on another backend, or with channels that are no multiple of four', async () => {
    const images = [2, 6, 6, 1] as const
    const model = build({ ...CASES['one hidden layer']!, image: [6, 6, 1] })
    const odd = build({ ...CASES['one hidden layer']!, network: searchNetwork(3) })
    const stagesOf = ({ layers }: NetworkModel) => layers.map((layer) => layer.stage!(rootKey(1)))
    await tf.setBackend('wasm')
    expect(createNetworkStep(stagesOf(odd), images)).toBeUndefined()
    await tf.setBackend('cpu')
    expect(createNetworkStep(stagesOf(model), images)).toBeUndefined()
    model.dispose()
    odd.dispose()
  })

  it('leaves what it has given as it is while someone has it', async () => {
    await tf.setBackend('wasm')
    const stepCase = CASES['the small convolutional network']!
    const model = build(stepCase)
    const first = tf.tidy(() => model.step(...batchOf(stepCase, 1), 0))
    const before = valuesOf(first)
    const second = tf.tidy(() => model.step(...batchOf(stepCase, 2), 1))
    expect(valuesOf(first)).toEqual(before)
    expect(valuesOf(second)).not.toEqual(before)
    tf.dispose([first, second])
    model.dispose()
  })

  it('follows the size of the batch, and leaves nothing', async () => {
    await tf.setBackend('wasm')
    const stepCase = CASES['the small convolutional network']!
    const losses = (batches: readonly number[]): number[] => {
      const model = build(stepCase)
      const found = batches.map((batch) =>
        tf.tidy(() => model.step(...batchOf({ ...stepCase, batch }, 1), 0).loss.dataSync()[0]!),
      )
      model.dispose()
      return found
    }
    const { numTensors, numDataBuffers } = tf.memory()
    const [alone] = losses([4])
    expect(losses([9, 4, 9])[1]).toBe(alone)
    expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers })
  })
})

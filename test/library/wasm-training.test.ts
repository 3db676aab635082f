import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { beforeAll, expect, it } from 'vitest'
import '../../src/library/wasm-training.ts'
import { normalTensor, normalValues, relativeDifference } from '../runtime/values.ts'

beforeAll(async () => {
  for (const name of ['cpu', 'wasm']) expect(await tf.setBackend(name)).toBe(true)
})

const { layers } = tfl
type Layer = tfl.layers.Layer

/** What a model is made of and trained on; images and series of normal numbers, words of whole ones. */
interface ModelCase {
  readonly layers: () => Layer[]
  readonly input: readonly number[]
  readonly letters?: number
}

const image = [8, 8, 3]
const inputShape = [...image]

const MODELS: Readonly<Record<string, ModelCase>> = {
  'a CNN with max pooling': {
    input: image,
    layers: () => [
      layers.conv2d({ inputShape, filters: 6, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 8, kernelSize: 2, strides: 2, padding: 'same' }),
      layers.flatten(),
    ],
  },
  'a depthwise-separable CNN': {
    input: image,
    layers: () => [
      layers.separableConv2d({ inputShape, filters: 8, kernelSize: 3, padding: 'same' }),
      layers.batchNormalization(),
      layers.reLU(),
      layers.depthwiseConv2d({ kernelSize: 3, strides: 2, depthMultiplier: 2 }),
      layers.globalAveragePooling2d({}),
    ],
  },
  'a CNN with average pooling and layer normalisation': {
    input: image,
    layers: () => [
      layers.conv2d({ inputShape, filters: 5, kernelSize: 3, activation: 'elu' }),
      layers.averagePooling2d({ poolSize: 2 }),
      layers.layerNormalization(),
      layers.flatten(),
    ],
  },
  'an upsampling network': {
    input: image,
    layers: () => [
      layers.conv2d({ inputShape, filters: 4, kernelSize: 3, strides: 2 }),
      layers.upSampling2d({}),
      layers.conv2dTranspose({ filters: 3, kernelSize: 3, activation: 'tanh' }),
      layers.globalMaxPooling2d({}),
    ],
  },
  'an embedding and a masked GRU': {
    input: [6],
    letters: 7,
    layers: () => [
      layers.embedding({ inputDim: 7, outputDim: 5, maskZero: true, inputLength: 6 }),
      layers.gru({ units: 4 }),
    ],
  },
  'an LSTM both ways': {
    input: [5, 3],
    layers: () => [
      layers.bidirectional({
        inputShape: [5, 3],
        layer: layers.lstm({ units: 4, returnSequences: true }),
        mergeMode: 'concat',
      } as Parameters<typeof layers.bidirectional>[0]),
      layers.timeDistributed({ layer: layers.dense({ units: 3 }) }),
      layers.flatten(),
    ],
  },
}

/** Losses of five epochs and the weights after them. */
async function fit(backend: string, { input, letters, layers: make }: ModelCase) {
  await tf.setBackend(backend)
  const model = tfl.sequential({ layers: [...make(), layers.dense({ units: 2 })] })
  model.setWeights(
    model.getWeights().map((weight, index) => {
      const values = normalValues(weight.size, index).map((value) => 0.4 * value)
      const isVariance = model.weights[index]!.originalName.includes('variance')
      return tf.tensor(isVariance ? values.map(Math.abs) : values, weight.shape)
    }),
  )
  model.compile({ optimizer: tf.train.momentum(0.005, 0.9), loss: 'meanSquaredError' })
  const shape = [12, ...input]
  const x =
    letters === undefined
      ? normalTensor(shape as [number], 50)
      : tf.tensor(
          Array.from({ length: tf.util.sizeFromShape(shape) }, (_, place) => place ** 2 % letters),
          shape,
          'int32',
        )
  const y = normalTensor<tf.Rank.R2>([12, 2], 51)
  const { history } = await model.fit(x, y, {
    ...{ epochs: 5, batchSize: 4, shuffle: false, verbose: 0 },
  })
  const weights = await Promise.all(model.getWeights().map((weight) => weight.data<'float32'>()))
  model.dispose()
  tf.dispose([x, y])
  return { losses: Float32Array.from(history['loss'] as number[]), weights }
}

it.each(Object.keys(MODELS))('fits on wasm as on cpu: %s', async (name) => {
  const expected = await fit('cpu', MODELS[name]!)
  const actual = await fit('wasm', MODELS[name]!)
  expect(relativeDifference(actual.losses, expected.losses)).toBeLessThan(1e-5)
  expect(expected.losses.at(-1)).toBeLessThan(expected.losses[0]!)
  for (const [index, weights] of expected.weights.entries())
    expect(relativeDifference(actual.weights[index]!, weights)).toBeLessThan(2e-5)
})

import * as tf from '@tensorflow/tfjs-core'
import * as layers from '@tensorflow/tfjs-layers'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { CLASSES, classNames, valuesOf, type Weights } from './saved-classes.ts'
import { useBackend } from './tensor-backend.ts'

beforeAll(() => useBackend('cpu'))
beforeEach(() => tf.disposeVariables())

describe('models', () => {
  function makeModel(optimizer: tf.Optimizer): layers.LayersModel {
    const kernel = (seed: number) => layers.initializers.glorotUniform({ seed })
    const model = layers.sequential({
      layers: [4, 4, 1].map((units, index) =>
        layers.layers.dense({
          units,
          inputShape: [4],
          activation: 'tanh',
          kernelInitializer: kernel(index),
        }),
      ),
    })
    model.compile({ optimizer, loss: 'meanSquaredError' })
    return model
  }

  async function fit(model: layers.LayersModel, epochs: number): Promise<void> {
    const x = tf.tensor2d(
      Array.from({ length: 32 }, (_, i) => Math.sin(i * 1.7)),
      [8, 4],
    )
    const y = tf.tensor2d(
      Array.from({ length: 8 }, (_, i) => Math.cos(i * 2.3)),
      [8, 1],
    )
    await model.fit(x, y, { epochs, batchSize: 8, shuffle: false, verbose: 0 })
    tf.dispose([x, y])
  }

  async function saved(model: layers.LayersModel): Promise<tf.io.ModelArtifacts> {
    let artifacts: tf.io.ModelArtifacts | undefined
    await model.save(
      tf.io.withSaveHandler((given) => {
        artifacts = given
        return Promise.resolve({
          modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' },
        })
      }),
      { includeOptimizer: true },
    )
    return artifacts!
  }
  const load = (artifacts: tf.io.ModelArtifacts): Promise<layers.LayersModel> =>
    layers.loadLayersModel(tf.io.fromMemory(artifacts))

  const kernels = (model: layers.LayersModel): number[][] => valuesOf(model.getWeights())

  /** Compiles the model again, with its own optimizer, so that only layers from `first` on are trained. */
  function freeze(model: layers.LayersModel, first: number): void {
    model.layers.forEach((layer, index) => (layer.trainable = index >= first))
    const { optimizer } = model
    model.compile({ optimizer, loss: 'meanSquaredError' })
  }

  test.each(classNames)(
    '%s: a loaded model whose first layers are frozen, and thawed, goes on',
    async (kind) => {
      const Class = await CLASSES[kind]!()
      const model = makeModel(new Class({ lr: 0.05, totalSteps: 60 }))
      await fit(model, 6)
      const artifacts = await saved(model)
      const first = await load(artifacts)
      const second = await load(await saved(await load(artifacts)))
      const models = [model, first, second]
      for (const frozen of [2, 1, 0]) {
        for (const each of models) {
          freeze(each, frozen)
          await fit(each, 5)
        }
        expect(kernels(first)).toEqual(kernels(model))
        expect(kernels(second)).toEqual(kernels(model))
      }
    },
  )

  test('a model that was a copy when it was saved is known under its first name', async () => {
    const Class = await CLASSES['adam']!()
    const optimizer = new Class()
    const weights: Weights = [
      { name: 'iter', tensor: tf.scalar(3, 'int32') },
      ...['dense/kernel_1', 'dense/bias_1'].flatMap((name, index) =>
        ['m', 'v'].map((state) => ({ name: `${name}/${state}`, tensor: tf.fill([3], index + 1) })),
      ),
    ]
    await optimizer.setWeights(weights)
    const bias = tf.variable(tf.zeros([3]), true, 'dense/bias')
    const plain = tf.variable(tf.zeros([3]), true, 'dense/bias_1_x')
    optimizer.applyGradients([plain, bias].map(({ name }) => ({ name, tensor: tf.zeros([3]) })))
    const byName = new Map(
      (await optimizer.getWeights()).map((w) => [w.name, w.tensor.dataSync()[0]]),
    )
    expect(byName.get('dense/bias/m')).toBeCloseTo(0.9 * 2, 6)
    expect(byName.get('dense/bias_1_x/m')).toBe(0)
    expect(byName.get('dense/kernel_1/m')).toBe(1)
  })

  test('one optimizer for two models in turn saves the states of the one that lives', async () => {
    const Class = await CLASSES['adam']!()
    const optimizer = new Class({ lr: 0.05 })
    const first = makeModel(optimizer)
    await fit(first, 2)
    first.dispose()
    const second = makeModel(optimizer)
    await fit(second, 3)
    const artifacts = await saved(second)
    const optimizerWeights = artifacts.weightSpecs!.filter(({ group }) => group === 'optimizer')
    expect(optimizerWeights).toHaveLength(2 + 2 * 6)
    const copy = await load(artifacts)
    await fit(second, 3)
    await fit(copy, 3)
    expect(kernels(copy)).toEqual(kernels(second))
  })

  test('compiling again with the same optimizer changes nothing', async () => {
    const Class = await CLASSES['adam']!()
    const [once, twice] = [makeModel(new Class({ lr: 0.05 })), makeModel(new Class({ lr: 0.05 }))]
    await fit(once, 6)
    await fit(twice, 3)
    freeze(twice, 0)
    await fit(twice, 3)
    expect(kernels(twice)).toEqual(kernels(once))
  })
})

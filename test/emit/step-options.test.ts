import * as tf from '@tensorflow/tfjs-core'
import * as layers from '@tensorflow/tfjs-layers'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { loadPrograms } from '../../src/emit/ts/load.ts'
import { library } from '../stdlib/library.ts'
import {
  CLASSES,
  classNames,
  makeStepper as make,
  TOTAL_STEPS,
  valuesOf,
  type Stepper,
} from './saved-classes.ts'
import { useBackend } from './tensor-backend.ts'

beforeEach(() => tf.disposeVariables())

describe('options of steps', () => {
  beforeAll(() => useBackend('cpu'))

  test.each([
    [{ onNonFinite: 'stop' }, TypeError, /onNonFinite is stop; it must be keep, skip or throw/],
    [{ onNonFinite: true }, TypeError, /onNonFinite is true/],
    [{ accumulate: 0 }, RangeError, /accumulate is 0; it must be a positive whole number/],
    [{ accumulate: 1.5 }, RangeError, /accumulate is 1.5/],
    [{ accumulate: '2' }, RangeError, /accumulate is 2; it must be/],
    [{ accumulate: Infinity }, RangeError, /accumulate is Infinity/],
  ])('%o are refused', async (options, Kind, message) => {
    const Class = await CLASSES['sgd']!()
    expect(() => new Class(options)).toThrow(Kind)
    expect(() => new Class(options)).toThrow(message)
  })

  test('what is not given is not saved, and what is saved can be given', async () => {
    const plain = await make('adam')
    expect(Object.keys(plain.getConfig())).toEqual([
      'lr',
      'beta1',
      'beta2',
      'epsilon',
      'weightDecay',
      'totalSteps',
    ])
    const groups = [
      { match: /bias(_1)?$/gi, lr: (t: number, T: number) => 0.1 * (1 - t / T) },
      { match: ['dense_Dense1/kernel', 'b'], lr: [0.1, 0.2], beta1: 0.5 },
      { match: /x/ },
    ]
    const optimizer = await make('adam', { groups, onNonFinite: 'skip', accumulate: 3 })
    const config = JSON.parse(JSON.stringify(optimizer.getConfig())) as object
    const again = await make('adam', config)
    expect(again.steps).toEqual({
      ...optimizer.steps,
      groups: [
        {
          ...groups[0],
          lr: Array.from({ length: TOTAL_STEPS }, (_, t) => 0.1 * (1 - t / TOTAL_STEPS)),
        },
        ...groups.slice(1),
      ],
    })
    expect(again.getConfig()).toEqual(optimizer.getConfig())
  })

  test('a function that matches cannot be saved', async () => {
    const groups = [{ match: /a/ }, { match: () => true, lr: 0.1 }]
    const optimizer = await make('adam', { groups })
    expect(() => optimizer.getConfig()).toThrow(/groups\[1\].match is a function.*RegExp or names/)
  })
})

describe.each(['cpu', 'wasm'] as const)('LayersModel, on %s', (backend) => {
  beforeAll(() => useBackend(backend))

  const OPTIONS = {
    groups: [
      { match: /bias/, lr: 0.02 },
      { match: ['my_first_layer/kernel'], lr: (t: number) => 0.05 / (t + 1) },
    ],
    onNonFinite: 'skip',
    accumulate: 3,
  }

  function makeModel(optimizer: tf.Optimizer): layers.LayersModel {
    const kernel = (seed: number) => layers.initializers.glorotUniform({ seed })
    const model = layers.sequential({
      layers: [
        layers.layers.dense({
          units: 4,
          inputShape: [3],
          activation: 'tanh',
          kernelInitializer: kernel(1),
          name: 'my_first_layer',
        }),
        layers.layers.dense({ units: 1, kernelInitializer: kernel(2), name: 'the_last' }),
      ],
    })
    model.compile({ optimizer, loss: 'meanSquaredError' })
    return model
  }

  /** Fits in batches of 4 of 20, one of which holds NaN. */
  async function fit(model: layers.LayersModel, epochs: number): Promise<void> {
    const x = tf.tensor2d(
      Array.from({ length: 60 }, (_, i) => (i === 40 ? NaN : Math.sin(i * 1.7))),
      [20, 3],
    )
    const y = tf.tensor2d(
      Array.from({ length: 20 }, (_, i) => Math.cos(i * 2.3)),
      [20, 1],
    )
    await model.fit(x, y, { epochs, batchSize: 4, shuffle: false, verbose: 0 })
    tf.dispose([x, y])
  }

  async function saveAndLoad(model: layers.LayersModel): Promise<layers.LayersModel> {
    let saved: tf.io.ModelArtifacts | undefined
    await model.save(
      tf.io.withSaveHandler((artifacts) => {
        saved = artifacts
        return Promise.resolve({
          modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' },
        })
      }),
      { includeOptimizer: true },
    )
    const { weightData, ...described } = saved!
    return layers.loadLayersModel(
      tf.io.fromMemory({
        ...(JSON.parse(JSON.stringify(described)) as tf.io.ModelArtifacts),
        weightData: weightData!,
      }),
    )
  }

  test.each(classNames)('%s: a loaded model goes on', async (name) => {
    const model = makeModel(await make(name, { ...OPTIONS, totalSteps: 40 }))
    await fit(model, 4)
    const optimizer = model.optimizer as Stepper
    expect([optimizer.iterations, optimizer.steps.pending, optimizer.steps.skipped]).toEqual([
      5, 1, 4,
    ])
    expect(valuesOf(model.getWeights()).flat().every(Number.isFinite)).toBe(true)

    const copy = await saveAndLoad(model)
    await fit(copy, 3)
    await fit(model, 3)
    expect(valuesOf(copy.getWeights())).toEqual(valuesOf(model.getWeights()))
    const loaded = copy.optimizer as Stepper
    expect([loaded.iterations, loaded.steps.pending, loaded.steps.skipped]).toEqual([9, 1, 7])
    // Their names ended in numbers, since those of the first were there.
    const unmatched = loaded.unmatched()
    expect(unmatched.matches).toEqual([])
    expect(unmatched.variables).toEqual([expect.stringMatching(/^the_last\/kernel/)])
    model.dispose()
    copy.dispose()
  })
})

describe('gradients', () => {
  beforeAll(() => useBackend('cpu'))

  test.each(['shampoo', 'adam', 'prodigy'])(
    'a gradient of another shape is an error of std/%s before anything is changed',
    async (name) => {
      const { programs, functions } = library(name)
      const [Class] = (await loadPrograms(programs, functions, tf)).optimizers.values()
      const [a, b] = ['a', 'b'].map((each) => tf.variable(tf.ones([3, 2]), true, each))
      const optimizer = new Class!({})
      const turned = [
        { name: 'a', tensor: tf.ones([3, 2]) },
        { name: 'b', tensor: tf.ones([2, 3]) },
      ]
      expect(() => optimizer.applyGradients(turned)).toThrow(
        'the gradient of b has the shape [2,3], b [3,2]',
      )
      for (const w of [a!, b!]) expect([...w.dataSync()]).toEqual([1, 1, 1, 1, 1, 1])
      expect(optimizer.iterations).toBe(0)
    },
  )
})

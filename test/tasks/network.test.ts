import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { rootKey } from '../../src/operators/random.ts'
import { selectBackend } from '../../src/runtime/backends.ts'
import { buildNetwork, type NetworkModel } from '../../src/tasks/networks/network.ts'
import type { Network } from '../../src/tasks/networks/network.ts'
import {
  convolutionalNetwork,
  perceptron,
  searchNetwork,
} from '../../src/tasks/networks/networks.ts'
import { normalTensor } from '../runtime/values.ts'
import { OBJECTIVES } from '../../src/tasks/networks/objectives/table.ts'

const image = { input: [6, 6, 1], outputs: 3 }
const batch = 5

describe.each(['cpu', 'wasm'] as const)('a network on %s', (backend) => {
  beforeAll(async () => {
    expect(await selectBackend(backend)).toMatchObject({ ok: true })
  })

  const images = (): tf.Tensor4D => normalTensor<tf.Rank.R4>([batch, 6, 6, 1], 1)
  const labels = (): tf.Tensor2D =>
    tf.cast(tf.oneHot(tf.tensor1d([0, 2, 1, 1, 0], 'int32'), 3) as tf.Tensor2D, 'float32')

  const lossOf = (model: NetworkModel): number =>
    tf.tidy(() => model.step(images(), labels(), 0).loss.dataSync()[0]!)

  const networks: [string, Network][] = [
    ['mlp', perceptron([7, 5])],
    ['cnn', searchNetwork(4)],
    ['cnn with odd widths', convolutionalNetwork([3, 5, 6], 0.4)],
  ]

  it.each(networks)('has the gradient of its loss: %s', (name, network) => {
    const model = buildNetwork(network, image, OBJECTIVES.classification, rootKey(3))
    const { gradients } = tf.tidy(() => model.step(images(), labels(), 0))
    const parameters = model.layers.flatMap((layer) => layer.parameters)
    expect(Object.keys(gradients).sort()).toEqual(parameters.map(({ name }) => name).sort())
    for (const [index, parameter] of parameters.entries()) {
      // The derivative along one random direction checks every element at once.
      const direction = tf.keep(normalTensor(parameter.shape as [number], index))
      const gradient = gradients[parameter.name]!
      expect(gradient.shape).toEqual(parameter.shape)
      const slope = tf.tidy(() => tf.sum(tf.mul(gradient, direction)).dataSync()[0]!)
      const start = tf.tidy(() => tf.keep(tf.clone(parameter)))
      const at = (distance: number): number => {
        tf.tidy(() => parameter.assign(tf.add(start, tf.mul(direction, distance))))
        return lossOf(model)
      }
      // Small enough that no rectifier changes sides, for these seeds.
      const h = name === 'mlp' ? 2 ** -12 : 2 ** -9
      const difference = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
      at(0)
      expect(Math.abs(slope - difference)).toBeLessThan(3e-3 * (1 + Math.abs(difference)))
      tf.dispose([direction, start])
    }
    tf.dispose(gradients)
    model.dispose()
  })

  it('is evaluated with moving averages, which training moves', () => {
    const model = buildNetwork(searchNetwork(4), image, OBJECTIVES.classification, rootKey(3))
    const scores = (): number[] => tf.tidy(() => [...model.outputs(images()).dataSync()])
    const before = scores()
    expect(scores()).toEqual(before)
    for (let step = 0; step < 60; step++) lossOf(model)
    const after = scores()
    expect(after).not.toEqual(before)
    // After many passes over one batch the averages are that batch's, so another batch size changes nothing.
    const single = tf.tidy(() => [
      ...model.outputs(tf.slice(images(), [0, 0, 0, 0], [1, 6, 6, 1])).dataSync(),
    ])
    for (const [index, value] of single.entries()) expect(value).toBeCloseTo(after[index]!, 2)
    model.dispose()
  })

  it('drops different units at each step, and the same ones again', () => {
    const model = buildNetwork(searchNetwork(4), image, OBJECTIVES.classification, rootKey(3))
    const loss = (step: number): number =>
      tf.tidy(() => model.step(images(), labels(), step).loss.dataSync()[0]!)
    expect(loss(1)).toBe(loss(1))
    expect(loss(1)).not.toBe(loss(2))
    model.dispose()
  })

  it('leaves nothing', () => {
    const before = tf.memory().numTensors
    const model = buildNetwork(searchNetwork(4), image, OBJECTIVES.classification, rootKey(3))
    tf.dispose(model.step(images(), labels(), 0))
    model.dispose()
    // The images and labels of that step were made outside of a tidy.
    expect(tf.memory().numTensors - before).toBeLessThanOrEqual(4)
  })
})

import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rootKey } from '../../../src/operators/random.ts'
import { selectBackend } from '../../../src/runtime/backends.ts'
import {
  buildNetwork,
  type Network,
  type NetworkEnds,
} from '../../../src/tasks/networks/network.ts'
import { networkWork, widened } from '../../../src/tasks/networks/networks.ts'
import { OBJECTIVES } from '../../../src/tasks/networks/objectives/table.ts'
import {
  recurrentTextNetwork,
  rowReader,
  transformer,
} from '../../../src/tasks/networks/text-networks.ts'
import { tensorBackends } from '../../emit/tensor-backend.ts'
import { normalTensor } from '../../runtime/values.ts'
import { countProducts } from '../count-products.ts'

const BATCH = 3
const text = (vocabulary: number, positions: number): NetworkEnds => ({
  input: [positions],
  outputs: vocabulary,
})
const image = { input: [5, 4, 2], outputs: 3 }

/** Sizes with and without whole vectors of four. */
const networks: [string, Network, NetworkEnds][] = [
  ['lstm', recurrentTextNetwork({ units: 8, depth: 2 }), text(12, 5)],
  ['lstm with odd sizes', recurrentTextNetwork({ units: 5, depth: 1, dropout: 0.3 }), text(7, 3)],
  ['transformer', transformer({ units: 8, heads: 2, blocks: 2 }), text(12, 8)],
  ['transformer with odd sizes', transformer({ units: 6, heads: 1, blocks: 1 }), text(7, 5)],
  ['row reader', rowReader(4), image],
]

const isText = (ends: NetworkEnds): boolean => ends.input.length === 1
const objectiveOf = (ends: NetworkEnds) =>
  isText(ends) ? OBJECTIVES.nextToken : OBJECTIVES.classification

/** Numbers of text, or images, and what is right. */
function batchOf(ends: NetworkEnds): { inputs: tf.Tensor; targets: tf.Tensor } {
  const { input, outputs } = ends
  const count = isText(ends) ? BATCH * input[0]! : BATCH
  const answers = Array.from({ length: count }, (_, index) => (index * 5 + 2) % outputs)
  const numbers = answers.map((answer) => (answer * 3 + 1) % outputs)
  return {
    inputs: isText(ends)
      ? tf.tensor2d(numbers, [BATCH, input[0]!], 'int32')
      : normalTensor([BATCH, ...input] as [number, number, number, number], 1),
    targets: objectiveOf(ends).targets(answers, count, outputs),
  }
}

const backends = await tensorBackends(['cpu', 'wasm', 'tensorflow'])

describe.each(backends)('a network for sequences on %s', (backend) => {
  beforeAll(async () => {
    expect(await selectBackend(backend)).toMatchObject({ ok: true })
  })
  afterAll(() => tf.setBackend('cpu'))

  it.each(networks)('has the gradient of its loss: %s', (_, network, ends) => {
    const model = buildNetwork(network, ends, objectiveOf(ends), rootKey(3))
    const step = () =>
      tf.tidy(() => {
        const { inputs, targets } = batchOf(ends)
        return model.step(inputs, targets, 0)
      })
    const lossOf = (): number => tf.tidy(() => step().loss.dataSync()[0]!)
    const { gradients, loss } = step()
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
        return lossOf()
      }
      // The weights of an embedding are small, and what follows divides by their size.
      const h = 2 ** -10
      const difference = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
      at(0)
      expect(Math.abs(slope - difference), parameter.name).toBeLessThan(
        2e-3 * (1 + Math.abs(difference)),
      )
      tf.dispose([direction, start])
    }
    tf.dispose([loss, gradients])
    model.dispose()
  })

  it.each(networks)('gives the same again to the bit: %s', (_, network, ends) => {
    const results = [1, 2].map(() => {
      const model = buildNetwork(network, ends, objectiveOf(ends), rootKey(3))
      const values = tf.tidy(() => {
        const { inputs, targets } = batchOf(ends)
        const { loss, gradients } = model.step(inputs, targets, 4)
        return [loss, ...Object.values(gradients)].map((tensor) => [...tensor.dataSync()])
      })
      model.dispose()
      return values
    })
    expect(results[0]).toEqual(results[1])
  })

  it('sees nothing of later positions, and leaves nothing', () => {
    const before = tf.memory().numTensors
    for (const [name, network, ends] of networks.filter(([, , ends]) => isText(ends))) {
      const model = buildNetwork(network, ends, OBJECTIVES.nextToken, rootKey(3))
      const positions = ends.input[0]!
      const scores = (last: number): number[] =>
        tf.tidy(() => {
          const numbers = Array.from({ length: positions }, (_, index) => index % ends.outputs)
          numbers[positions - 1] = last
          const outputs = model.outputs(tf.tensor2d(numbers, [1, positions], 'int32'))
          return [...outputs.dataSync()]
        })
      const [one, other] = [scores(0), scores(1)]
      const past = (positions - 1) * ends.outputs
      expect(one.slice(0, past), name).toEqual(other.slice(0, past))
      expect(one.slice(past), name).not.toEqual(other.slice(past))
      model.dispose()
    }
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('a wider network', () => {
  it.each(networks)('still takes what comes to it: %s', (_, network, ends) => {
    const work = [0.3, 1, 1.5, 2, 3.1].map((times) =>
      networkWork(widened(network, { times }), ends),
    )
    expect(work.toSorted((a, b) => a - b)).toEqual(work)
    expect(new Set(work).size).toBe(work.length)
  })
})

describe('the work of a network for sequences', () => {
  it.each(networks)('is what its products multiply: %s', async (_, network, ends) => {
    expect(await selectBackend('cpu')).toMatchObject({ ok: true })
    const multiplied = countProducts(() => {
      const model = buildNetwork(network, ends, objectiveOf(ends), rootKey(1))
      tf.tidy(() => model.outputs(tf.slice(batchOf(ends).inputs, 0, 1)))
      model.dispose()
    })
    expect(networkWork(network, ends)).toBe(multiplied)
  })
})

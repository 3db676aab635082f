import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import '../../../src/library/wasm-training.ts'
import type { WasmBackend } from '../../../src/runtime/wasm/backend-memory.ts'
import { normalTensor, normalValues, relativeDifference, valuesOn } from '../values.ts'
import { LAYERS, OTHER_NAMES, WITHOUT_GRADIENT, type LayerCase } from './layers.ts'

beforeAll(async () => {
  for (const name of ['cpu', 'wasm']) expect(await tf.setBackend(name)).toBe(true)
  fillOutputs(tf.backend() as unknown as WasmBackend)
})

/** Makes every output full of NaN at first, so that a kernel that does not write all of it is seen. */
function fillOutputs(backend: WasmBackend): void {
  const make = backend.makeOutput.bind(backend)
  backend.makeOutput = (shape, dtype) => {
    const output = make(shape, dtype)
    const { memoryOffset } = backend.dataIdMap.get(output.dataId)
    const bytes = tf.util.sizeFromShape([...shape]) * tf.util.bytesPerElement(dtype)
    new Uint8Array(backend.wasm.asm.memory.buffer, memoryOffset, bytes).fill(0xff)
    return output
  }
}

function inputsOf({ inputs, below }: LayerCase): tf.Tensor[] {
  return inputs.map((shape, index) => {
    if (below === undefined) return normalTensor([...shape] as [number], 10 + index)
    // Some of the numbers several times, some never.
    const numbers = Array.from(
      { length: tf.util.sizeFromShape([...shape]) },
      (_, place) => place ** 2 % below,
    )
    return tf.tensor(numbers, [...shape], 'int32')
  })
}

/** What a layer gives, and the gradients of its inputs and weights for a fixed weighting of that. */
function gradientsOf(layerCase: LayerCase): tf.Tensor[] {
  const { layer: make, below } = layerCase
  const layer = make()
  const inputs = inputsOf(layerCase)
  const apply = (given: readonly tf.Tensor[]): tf.Tensor =>
    layer.apply(given.length === 1 ? given[0]! : [...given], { training: true }) as tf.Tensor
  apply(inputs)
  layer.setWeights(
    layer.getWeights().map((weight, index) => {
      const values = normalValues(weight.size, 20 + index).map((value) => 0.5 * value)
      const isVariance = layer.weights[index]!.originalName.includes('variance')
      return tf.tensor(isVariance ? values.map(Math.abs) : values, weight.shape)
    }),
  )
  const output = apply(inputs)
  const score = (given: readonly tf.Tensor[]): tf.Scalar =>
    tf.sum(tf.mul(apply(given), normalTensor(output.shape as [number], 30)))
  const ofInputs = below === undefined ? tf.grads((...given) => score(given))(inputs) : []
  const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable)
  const ofWeights =
    variables.length === 0 ? {} : tf.variableGrads(() => score(inputs), variables).grads
  return [output, ...ofInputs, ...variables.map(({ name }) => ofWeights[name]!)]
}

describe('layers of tfjs', () => {
  it.each(Object.keys(LAYERS))('train on wasm as on cpu: %s', async (name) => {
    const layerCase = LAYERS[name]!
    const [expected, actual] = [
      await valuesOn('cpu', () => gradientsOf(layerCase)),
      await valuesOn('wasm', () => gradientsOf(layerCase)),
    ]
    expect(actual.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape))
    for (const [index, { values }] of expected.entries()) {
      const difference = relativeDifference(actual[index]!.values, values)
      if (layerCase.draws === undefined) expect(difference).toBeLessThan(2e-6)
      else expect(difference).not.toBeNaN()
    }
  })

  it.each(Object.keys(WITHOUT_GRADIENT))('cannot train on either: %s', async (name) => {
    for (const backend of ['cpu', 'wasm'] as const)
      await expect(valuesOn(backend, () => gradientsOf(WITHOUT_GRADIENT[name]!))).rejects.toThrow(
        /gradient|match/,
      )
  })

  it('are all tried', () => {
    const tried = [...Object.keys(LAYERS), ...Object.keys(WITHOUT_GRADIENT)].map(
      (name) => /^\w+/.exec(name)![0],
    )
    const names = Object.entries(tfl.layers).flatMap(([name, value]: [string, unknown]) =>
      typeof value === 'function' && /^[a-z]/.test(name) ? [name] : [],
    )
    expect(new Set([...tried, ...OTHER_NAMES])).toEqual(new Set(names))
  })
})

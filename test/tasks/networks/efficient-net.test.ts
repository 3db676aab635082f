import { join } from 'node:path'
import type * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { selectBackend } from '../../../src/runtime/backends.ts'
import {
  efficientNet,
  efficientNetLite0,
  efficientNetV2S,
  type EfficientNetDesign,
} from '../../../src/tasks/networks/efficient-net.ts'
import { layerLists } from '../../../src/tasks/networks/layers/table.ts'
import type { Network } from '../../../src/tasks/networks/network.ts'
import { weightMaker } from '../../../src/tasks/networks/weights.ts'
import { agreementOf } from './agreement.ts'

const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', name)

/** The narrow network of `fixtures/make-efficientnet.py`. */
const small: Omit<EfficientNetDesign, 'padding'> = {
  ...{ stem: 8, stemStride: 2, head: 32, activation: 'swish', stochasticDepth: 0, dropout: 0 },
  stages: [
    { block: 'fused', repeats: 2, size: 3, stride: 1, expand: 1, filters: 8 },
    { block: 'fused', repeats: 2, size: 3, stride: 2, expand: 2, filters: 16 },
    { block: 'inverted', repeats: 2, size: 3, stride: 2, expand: 2, filters: 16, squeeze: 0.25 },
    { block: 'inverted', repeats: 1, size: 3, stride: 1, expand: 3, filters: 24, squeeze: 0.25 },
  ],
}

describe.each(['cpu', 'wasm'] as const)('a network of fused and plain blocks on %s', (backend) => {
  beforeAll(async () => {
    expect(await selectBackend(backend)).toMatchObject({ ok: true })
  })

  it.each([
    ['torchvision', 'symmetric', 'torchvision.safetensors', 'torchvision-results.safetensors'],
    ['Keras', 'same', 'keras.npz', 'keras-results.safetensors'],
  ] as const)("has %s's outputs and gradients", (naming, padding, weights, results) => {
    const network = efficientNet({ ...small, padding })
    const agreement = agreementOf(network, fixture(weights), fixture(results))
    expect(agreement).toMatchObject({ naming, unused: [] })
    expect(agreement.evaluated).toBeLessThan(1e-4)
    expect(agreement.outputs).toBeLessThan(1e-4)
    expect(agreement.gradients.size).toBeGreaterThan(50)
    for (const [name, difference] of agreement.gradients)
      expect(difference, name).toBeLessThan(1e-3)
  })

  it("is another network with the other library's padding", () => {
    const network = efficientNet({ ...small, padding: 'same' })
    const [weights, results] = ['torchvision.safetensors', 'torchvision-results.safetensors']
    expect(agreementOf(network, fixture(weights), fixture(results)).evaluated).toBeGreaterThan(1e-2)
  })
})

/** Numbers that training changes, counted without making them. */
function parametersOf({ layers }: Network, size: number, outputs: number): number {
  let count = 0
  const make = weightMaker({} as never)
  const counted = (shape: readonly number[]): tf.Variable => {
    count += shape.reduce((product, extent) => product * extent, 1)
    return { shape } as unknown as tf.Variable
  }
  layerLists.build(layers, {
    name: '',
    make: {
      ...make,
      glorot: (_, shape) => counted(shape),
      constant: (_, shape) => counted(shape),
      state: (_, shape) => ({ shape }) as unknown as tf.Variable,
    },
    input: [size, size, 3],
    outputs,
  })
  return count
}

describe('parameters', () => {
  it.each([32, 64, 224])('of EfficientNetV2-S are those published, at %d pixels', (size) => {
    expect(parametersOf(efficientNetV2S({ size }), size, 1000)).toBe(21_458_488)
  })

  it('of EfficientNet-Lite0 are those published', () => {
    expect(parametersOf(efficientNetLite0(), 224, 1000)).toBe(4_652_008)
  })
})

describe('the last stage', () => {
  it.each([
    [32, 2],
    [64, 4],
    [224, 7],
  ])('of EfficientNetV2-S sees of %d pixels a side %d', (size, positions) => {
    const { layers } = efficientNetV2S({ size })
    const untilHead = layers.slice(
      0,
      layers.findIndex(({ name }) => name === 'average'),
    )
    expect(layerLists.shape(untilHead, [size, size, 3], 10)).toEqual([positions, positions, 1280])
  })
})

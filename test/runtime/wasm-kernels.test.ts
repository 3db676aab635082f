import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { selectBackend } from '../../src/runtime/backends.ts'
import {
  NORMALIZED_ACTIVATIONS,
  normalize,
  normalizeGradient,
  normalizeWith,
} from '../../src/runtime/batch-normalization.ts'
import { softmaxCrossEntropy } from '../../src/runtime/cross-entropy.ts'
import { globalAverage, globalAverageGradient } from '../../src/runtime/pooling.ts'
import { normalTensor, relativeDifference, valuesOn } from './values.ts'

beforeAll(async () => {
  for (const backend of ['cpu', 'wasm'] as const)
    expect(await selectBackend(backend)).toMatchObject({ ok: true })
})

/** Both backends compute `compute`; wasm's numbers are within `tolerance` of cpu's. */
async function expectEqualOnWasm(compute: () => readonly tf.Tensor[], tolerance = 2e-6) {
  const expected = await valuesOn('cpu', compute)
  const actual = await valuesOn('wasm', compute)
  expect(actual.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape))
  for (const [index, { values }] of expected.entries())
    expect(relativeDifference(actual[index]!.values, values)).toBeLessThan(tolerance)
}

describe('convolution and its gradients', () => {
  const pads = ['same', 'valid', 1] as const
  const cases = [
    // height, width, in, out, filter height, filter width, stride, batch
    [14, 14, 1, 8, 3, 3, 1, 3],
    [14, 14, 8, 16, 3, 3, 2, 2],
    [7, 7, 16, 32, 3, 3, 2, 2],
    [5, 8, 4, 12, 3, 3, 1, 2],
    [6, 5, 3, 4, 2, 3, 2, 1],
    [9, 6, 12, 20, 5, 3, 3, 1],
    [4, 4, 4, 4, 1, 1, 1, 1],
    [6, 6, 2, 3, 3, 3, 1, 2],
    [8, 7, 3, 5, 3, 3, 2, 2],
    [5, 5, 6, 8, 3, 3, 2, 1],
  ] as const
  for (const pad of pads)
    it.each(cases)(
      `agree with cpu, padding ${pad}: %dx%d, channels %d -> %d, filter %dx%d, stride %d`,
      async (height, width, inputs, outputs, filterHeight, filterWidth, stride, batch) => {
        const imageShape = [batch, height, width, inputs] as [number, number, number, number]
        const filterShape = [filterHeight, filterWidth, inputs, outputs] as typeof imageShape
        await expectEqualOnWasm(() => {
          const x = normalTensor<tf.Rank.R4>(imageShape, 1)
          const filter = normalTensor<tf.Rank.R4>(filterShape, 2)
          const y = tf.conv2d(x, filter, stride, pad)
          const dy = normalTensor<tf.Rank.R4>(y.shape, 3)
          const attributes = { strides: [stride, stride], pad, dataFormat: 'NHWC' }
          const run = (name: string, inputs: tf.NamedTensorMap, more: tf.NamedAttrMap) =>
            tf.engine().runKernel(name, inputs, { ...attributes, ...more }) as tf.Tensor
          return [
            y,
            run(tf.Conv2DBackpropFilter, { x, dy }, { filterShape }),
            run(tf.Conv2DBackpropInput, { dy, filter }, { inputShape: imageShape }),
          ]
        })
      },
    )

  it('agrees with cpu where the filter is dilated', async () => {
    await expectEqualOnWasm(() => [
      tf.conv2d(
        normalTensor<tf.Rank.R4>([2, 7, 7, 4], 1),
        normalTensor<tf.Rank.R4>([3, 3, 4, 8], 2),
        1,
        'same',
        'NHWC',
        2,
      ),
    ])
  })

  it('takes an empty batch', async () => {
    await expectEqualOnWasm(() => {
      const x = tf.zeros([0, 6, 6, 4])
      const dy = tf.zeros([0, 6, 6, 8])
      const attributes = { strides: 1, pad: 'same', dataFormat: 'NHWC' }
      const inputs = { x, dy }
      return [
        tf.engine().runKernel(tf.Conv2DBackpropFilter, inputs, {
          ...attributes,
          filterShape: [3, 3, 4, 8],
        }) as tf.Tensor,
      ]
    })
  })

  it('lets a NaN through to every result it touches', async () => {
    await tf.setBackend('wasm')
    const values = tf.tidy(() => {
      const x = tf.fill([1, 4, 4, 4], NaN) as tf.Tensor4D
      return tf.conv2d(x, normalTensor<tf.Rank.R4>([3, 3, 4, 4], 1), 1, 'same').dataSync()
    })
    expect([...values].every(Number.isNaN)).toBe(true)
  })

  it('repeats to the bit', async () => {
    const compute = (): tf.Tensor[] => {
      const x = normalTensor<tf.Rank.R4>([5, 14, 14, 8], 1)
      const dy = normalTensor<tf.Rank.R4>([5, 7, 7, 16], 2)
      return [
        tf
          .engine()
          .runKernel(
            tf.Conv2DBackpropFilter,
            { x, dy },
            { strides: 2, pad: 'same', dataFormat: 'NHWC', filterShape: [3, 3, 8, 16] },
          ) as tf.Tensor,
      ]
    }
    expect(await valuesOn('wasm', compute)).toEqual(await valuesOn('wasm', compute))
  })
})

describe('matrix products', () => {
  const transpositions = [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ] as const
  const sizes = [
    // rows, terms, columns
    [5, 7, 9],
    [5, 7, 12],
    [64, 196, 128],
    [1, 1, 4],
    [4, 1100, 8],
    [9, 2, 20],
  ] as const

  for (const [rows, terms, columns] of sizes)
    it.each(transpositions)(
      `agree with cpu: ${rows} x ${terms} x ${columns}, transposed %s %s`,
      async (transposeA, transposeB) => {
        const left = transposeA ? [terms, rows] : [rows, terms]
        const right = transposeB ? [columns, terms] : [terms, columns]
        await expectEqualOnWasm(() => [
          tf.matMul(
            normalTensor<tf.Rank.R2>(left as [number, number], 1),
            normalTensor<tf.Rank.R2>(right as [number, number], 2),
            transposeA,
            transposeB,
          ),
        ])
      },
    )

  it.each(transpositions)(
    'agree with cpu in batches, transposed %s %s',
    async (transposeA, transposeB) => {
      await expectEqualOnWasm(() => [
        tf.matMul(
          normalTensor<tf.Rank.R3>(transposeA ? [3, 7, 5] : [3, 5, 7], 3),
          normalTensor<tf.Rank.R3>(transposeB ? [3, 8, 7] : [3, 7, 8], 4),
          transposeA,
          transposeB,
        ),
      ])
    },
  )

  it('leave their operands as they were', async () => {
    await expectEqualOnWasm(() => {
      const a = normalTensor<tf.Rank.R2>([6, 8], 1)
      const b = normalTensor<tf.Rank.R2>([6, 8], 2)
      return [tf.matMul(a, b, true, false), tf.matMul(a, b, false, true), a, b]
    })
  })
})

const SHAPES = [
  [3, 5, 4, 8],
  [2, 7, 7, 20],
  [6, 4],
  [4, 3, 3, 5],
]

describe.each(NORMALIZED_ACTIVATIONS)('batch normalisation with %s', (activation) => {
  it.each(SHAPES.map((shape) => [shape] as const))('agrees with cpu for %j', async (shape) => {
    const channels = shape.at(-1) ?? 0
    await expectEqualOnWasm(() => {
      const x = tf.add(tf.mul(normalTensor(shape as [number, number], 1), 3), 2)
      const gamma = normalTensor<tf.Rank.R1>([channels], 2)
      const beta = normalTensor<tf.Rank.R1>([channels], 3)
      const averages = {
        mean: normalTensor<tf.Rank.R1>([channels], 4),
        variance: tf.square(normalTensor<tf.Rank.R1>([channels], 5)),
      }
      const dy = normalTensor(shape as [number, number], 6)
      const forward = normalize(x, { gamma, beta }, averages, {
        ...{ activation, epsilon: 1e-2, share: 0.9 },
      })
      const gradient = normalizeGradient(dy, x, { gamma, beta }, forward, activation)
      return [
        forward.output,
        forward.mean,
        forward.inverseDeviation,
        forward.moving.mean,
        forward.moving.variance,
        gradient.x,
        gradient.gamma,
        gradient.beta,
        normalizeWith(x, { gamma, beta }, averages, { activation, epsilon: 1e-2 }),
      ]
    }, 1e-5)
  })
})

describe('swish behind batch normalisation', () => {
  const swish = { activation: 'swish', epsilon: 1e-3 } as const

  it('has swish within 4e-7 of its value, and its limits', async () => {
    await tf.setBackend('wasm')
    const points = [-120, -87.5, -40, -20, -5, -1, -1e-3, -0, 1e-3, 1, 5, 20, 40, 87.5, 120, 1e30]
    const one = tf.ones([4]) as tf.Tensor1D
    const zero = tf.zeros([4]) as tf.Tensor1D
    // With variance 1 - epsilon, mean 0, gamma 1 and beta 0 the normalisation does nothing.
    const averages = { mean: zero, variance: tf.fill([4], 1 - 1e-3) as tf.Tensor1D }
    const x = tf.tensor2d(points, [points.length / 4, 4])
    const y = await normalizeWith(x, { gamma: one, beta: zero }, averages, swish).data()
    for (const [index, point] of points.entries()) {
      const expected = point / (1 + Math.exp(-point))
      expect(Math.abs(y[index]! - expected)).toBeLessThanOrEqual(4e-7 * Math.abs(expected) + 1e-30)
    }
  })

  it('makes a NaN of a NaN', async () => {
    await tf.setBackend('wasm')
    const one = tf.ones([4]) as tf.Tensor1D
    const x = tf.tensor2d([1, NaN, 2, 3], [1, 4])
    const y = await normalizeWith(
      x,
      { gamma: one, beta: one },
      { mean: one, variance: one },
      swish,
    ).data()
    expect([...y].map(Number.isNaN)).toEqual([false, true, false, false])
  })
})

describe('the end of a network', () => {
  it('pools as cpu does', async () => {
    await expectEqualOnWasm(() => [
      globalAverage(normalTensor<tf.Rank.R4>([3, 4, 5, 6], 1)),
      globalAverageGradient(normalTensor<tf.Rank.R2>([3, 6], 2), [3, 4, 5, 6]),
    ])
  })

  it('has the cross-entropy, hits and gradient that cpu has', async () => {
    await expectEqualOnWasm(() => {
      const labels = tf.oneHot(tf.tensor1d([0, 3, 2, 6, 5], 'int32'), 7) as tf.Tensor2D
      const scores: tf.Tensor2D = tf.mul(normalTensor<tf.Rank.R2>([5, 7], 1), 4)
      const result = softmaxCrossEntropy(scores, tf.cast<tf.Tensor2D>(labels, 'float32'))
      return [result.loss, result.correct, result.gradient]
    })
  })

  it('has a finite loss for scores far apart, and NaN for NaN', async () => {
    await tf.setBackend('wasm')
    const loss = async (scores: number[]): Promise<number> =>
      (await softmaxCrossEntropy(tf.tensor2d([scores]), tf.tensor2d([[0, 1]])).loss.data())[0]!
    expect(await loss([1e4, 0])).toBe(1e4)
    expect(await loss([NaN, 0])).toBeNaN()
  })
})

import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { isSpelled, spellingOf } from '../../src/emit/ts/spellings.ts'
import type { ReductionOperator } from '../../src/operators/operator.ts'
import { childKey, createRandom, drawKey, rootKey, threefry } from '../../src/operators/random.ts'
import { operatorByName, operators } from '../../src/operators/table.ts'
import { useBackend, type TensorBackend } from '../emit/tensor-backend.ts'
import { flushed, isFlushing, LEAST_NORMAL } from './backend-bounds.ts'
import { corners, drawNumber, unitsOff } from './points.ts'
import { compileForm } from './spelled.ts'

const rows = operators.filter(
  (row): row is ReductionOperator => row.kind === 'reduction' && isSpelled(row),
)
const LARGEST = 3.4e38

/** Tensors of each corner point among others, of many elements of one size, and of elements of any size. */
function drawTensors(name: string, count: number): number[][][] {
  const random = createRandom(childKey(rootKey(1), name))
  const vectors = (length: number, draw: () => number): number[][] =>
    Array.from({ length: count }, () => Array.from({ length }, draw))
  return [
    ...corners.flatMap((corner) => [
      vectors(1, () => corner),
      vectors(5, () => corner),
      vectors(4, () => random.normal()).map((vector) => [...vector, corner].map(Math.fround)),
      vectors(4, () => random.normal()).map((vector) => [corner, ...vector].map(Math.fround)),
    ]),
    ...Array.from({ length: 20 }, () => vectors(1000, () => Math.fround(random.normal()))),
    ...Array.from({ length: 20 }, () => {
      const size = Math.abs(drawNumber(random))
      return vectors(100, () => Math.fround(size * random.normal()))
    }),
    ...Array.from({ length: 40 }, () => vectors(7, () => drawNumber(random))),
  ]
}

/** Whether the value is right where subnormal numbers are read as zeros, and as much is lost of what is added up. */
function isFlushed(row: ReductionOperator, vectors: number[][], value: number): boolean {
  const read = vectors.map((vector) => vector.map(flushed))
  const wanted = row.meaning(...read)
  const off = unitsOff(value, wanted, row.scale?.(...read))
  return off <= Math.max(row.tolerance, 0.5) || Math.abs(value - wanted) <= LEAST_NORMAL
}

/** The tests of a backend that say that reductions and random operators give what their rows mean. */
export function reductionTests(backend: TensorBackend): void {
  describe(`on ${backend}`, () => {
    beforeAll(() => useBackend(backend))

    test.each(rows.map((row) => [row.name, row] as const))('%s', async (name, row) => {
      const run = compileForm<tf.Tensor>(spellingOf(row).tensor, row.parameters.length)
      // A column is one output of many inputs, a row one input of many outputs.
      const tensorOf = (vector: readonly number[]): tf.Tensor =>
        row.over === undefined
          ? tf.tensor1d([...vector])
          : tf.tensor2d(
              [...vector],
              row.over === 'inputs' ? [vector.length, 1] : [1, vector.length],
            )
      const drawn = drawTensors(name, row.parameters.length)
      const results = drawn.map((vectors) => tf.tidy(() => run(...vectors.map(tensorOf))))
      // All at once: WebGPU waits a while for each.
      const values = await Promise.all(results.map((result) => result.data()))
      tf.dispose(results)
      for (const [index, vectors] of drawn.entries()) {
        const wanted = row.meaning(...vectors)
        const value = values[index]![0]!
        if ((row.largest?.(...vectors) ?? 0) > LARGEST && !Number.isFinite(value)) continue
        if (isFlushing(backend) && isFlushed(row, vectors, value)) continue
        const off = unitsOff(value, wanted, row.scale?.(...vectors))
        if (off > Math.max(row.tolerance, 0.5))
          expect.fail(`${name} of ${vectors.map(String).join(' and ')} is ${value}, not ${wanted}`)
      }
    })

    test.each([
      ['sum', [[3e38, 3e38, -3e38]], [[1e38, 1e38, -1e38]]],
      ['mean', [[3e38, 3e38, -3e38]], [[1e38, 1e38, -1e38]]],
      [
        'dot',
        [
          [1e20, 1e20],
          [1e20, -1e20],
        ],
        [
          [1e19, 1e19],
          [1e19, -1e19],
        ],
      ],
    ])('%s overflows only where its row says so', async (name, beyond, within) => {
      const row = operatorByName(name)
      if (row.kind !== 'reduction') throw new Error(`${name} is no reduction`)
      expect(row.largest!(...beyond)).toBeGreaterThan(LARGEST)
      expect(row.largest!(...within)).toBeLessThan(LARGEST)
      const run = compileForm<tf.Tensor>(spellingOf(row).tensor, row.parameters.length)
      const [value] = await run(...within.map((vector) => tf.tensor1d(vector))).data()
      const rounded = within.map((vector) => vector.map(Math.fround))
      const off = unitsOff(value!, row.meaning(...rounded), row.scale!(...rounded))
      expect(off).toBeLessThanOrEqual(row.tolerance)
    })

    test('reductions of a tensor of several dimensions', async () => {
      const elements = [3, 4, 0, 0, 12, 0, 0, 84]
      const x = tf.tensor4d(elements, [2, 2, 1, 2])
      for (const row of rows.filter(({ over }) => over === undefined)) {
        const run = compileForm<tf.Tensor>(spellingOf(row).tensor, row.parameters.length)
        const value = run(...row.parameters.map(() => x))
        expect(value.shape, row.name).toEqual([])
        expect((await value.data())[0], row.name).toBeCloseTo(
          row.meaning(...row.parameters.map(() => elements)),
          3,
        )
      }
    })

    test('reductions of a tensor of several dimensions over one axis', async () => {
      const elements = [3, 4, 0, 0, 12, 0, 0, 84]
      const x = tf.tensor4d(elements, [2, 2, 1, 2])
      const ofOutput = [0, 1].map((output) => elements.filter((_, place) => place % 2 === output))
      const ofInput = [0, 1, 2, 3].map((input) => elements.slice(2 * input, 2 * input + 2))
      for (const row of rows) {
        if (row.over === undefined) continue
        const run = compileForm<tf.Tensor>(spellingOf(row).tensor, row.parameters.length)
        const value = run(...row.parameters.map(() => x))
        const isInputs = row.over === 'inputs'
        expect(value.shape, row.name).toEqual(isInputs ? [1, 1, 1, 2] : [2, 2, 1, 1])
        const wanted = (isInputs ? ofOutput : ofInput).map((part) =>
          row.meaning(...row.parameters.map(() => part)),
        )
        for (const [place, number] of (await value.data()).entries())
          expect(number, row.name).toBeCloseTo(wanted[place]!, 3)
      }
    })

    test('dropout draws what the evaluator draws', async () => {
      const row = operatorByName('dropout')
      if (row.kind !== 'random') throw new Error('dropout is no random operator')
      const x = [1, -2, 3, Infinity, NaN, 0, ...Array.from({ length: 30 }, (_, index) => index / 7)]
      for (const [rate, seed, site, parameter, step] of [
        [0.5, 0, 1, 0, 0],
        [0.1, 7, 2, 3, 1000],
        [0.3, 2 ** 40 + 5, 9, 1, 4],
        [0.97, 0, 1, 0, 0],
        [0.999, 0, 1, 0, 0],
        [0, 1, 1, 1, 1],
        [1, 1, 1, 1, 1],
      ] as const) {
        const run = compileForm<tf.Tensor>(spellingOf(row).tensor, 2, [seed, site, parameter, step])
        const values = await tf.tidy(() => run(tf.tensor2d(x, [6, 6]), rate)).data()
        x.forEach((element, index) => {
          const [word] = threefry(drawKey(seed, row.name, site, parameter), step, index)
          const wanted = row.meaning(row.draw(word), Math.fround(element), Math.fround(rate))
          // What the meaning gives is not rounded yet.
          expect(
            unitsOff(values[index]!, wanted),
            `element ${index} at rate ${rate}`,
          ).toBeLessThanOrEqual(row.tolerance + 0.5)
        })
      }
    })

    test('normal draws what the evaluator draws, to the bit', () => {
      const row = operatorByName('normal')
      if (row.kind !== 'random') throw new Error('normal is no random operator')
      const w = tf.zeros([30, 40])
      for (const [seed, site, parameter, step] of [
        [0, 1, 0, 0],
        [7, 2, 3, 1000],
        [2 ** 40 + 5, 9, 1, 4],
      ] as const) {
        const run = compileForm<tf.Tensor>(spellingOf(row).tensor, 1, [seed, site, parameter, step])
        const drawn = tf.tidy(() => run(w))
        expect(drawn.shape).toEqual([30, 40])
        const key = drawKey(seed, row.name, site, parameter)
        const wanted = Float32Array.from({ length: w.size }, (_, element) =>
          row.meaning(row.draw(threefry(key, step, element)[0])),
        )
        expect(drawn.dataSync()).toEqual(wanted)
      }
    })
  })
}

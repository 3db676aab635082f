import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { rootKey } from '../../src/operators/random.ts'
import { selectBackend } from '../../src/runtime/backends.ts'
import type { Problem } from '../../src/tasks/problem.ts'
import { readScalar } from '../../src/tasks/problem.ts'
import { rescaledProblem, type RescaledLevel } from '../../src/tasks/rescaled-problem.ts'
import { train } from '../../src/tasks/train.ts'
import { opened } from './opened.ts'

beforeAll(async () => {
  await selectBackend('wasm')
})

const start = async (): Promise<Problem> =>
  (await opened('digits8-mlp')).start({ batchSize: 16, key: rootKey(3) })

/** Values of tensors, one array each. */
const valuesOf = (tensors: readonly tf.Tensor[]): Float32Array[] =>
  tensors.map((tensor) => tensor.dataSync<'float32'>().slice())

/** The largest difference of two numbers, relative to the largest number. */
function difference(some: Float32Array, others: Float32Array): number {
  const largest = others.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return (
    some.reduce((most, value, at) => Math.max(most, Math.abs(value - others[at]!)), 0) / largest
  )
}

/** For each weight the factor that its stored value has to be multiplied by; biases are 0 and say nothing. */
function factorsOf(stored: Float32Array, weights: Float32Array): number[] {
  return [...stored.keys()]
    .filter((index) => weights[index] !== 0)
    .map((index) => weights[index]! / stored[index]!)
}

describe('weights that are stored divided by factors', () => {
  it.each<RescaledLevel>(['network', 'tensor', 'element'])(
    'have the same losses and gradients times their factors: one for each %s',
    async (level) => {
      const plain = await start()
      const rescaled = rescaledProblem(await start(), level, rootKey(7))
      const weights = valuesOf(plain.parameters)
      const stored = valuesOf(rescaled.parameters)
      const factors = weights.map((values, index) => factorsOf(stored[index]!, values))
      const spread = (values: readonly number[]): number =>
        Math.max(...values) / Math.min(...values)
      const known = factors.filter(({ length }) => length > 0)
      for (const values of known)
        for (const value of values) {
          expect(value).toBeGreaterThan(0.0099)
          expect(value).toBeLessThan(101)
        }
      const [within, among] = [spread(known[0]!), spread(known.map(([value]) => value!))]
      expect(within > 1.01).toBe(level === 'element')
      expect(among > 1.01).toBe(level !== 'network')

      const [one, other] = [await plain.step(0), await rescaled.step(0)]
      const loss = await readScalar(one.loss)
      expect(Math.abs((await readScalar(other.loss)) - loss)).toBeLessThan(1e-4 * loss)
      const gradients = valuesOf(plain.parameters.map(({ name }) => one.gradients[name]!))
      const scaled = valuesOf(rescaled.parameters.map(({ name }) => other.gradients[name]!))
      for (const [index, values] of gradients.entries()) {
        if (factors[index]!.length < values.length) continue
        const expected = values.map((value, at) => value * factors[index]![at]!)
        expect(difference(scaled[index]!, expected)).toBeLessThan(1e-4)
      }
      expect((await rescaled.evaluate('test')).loss).toBeCloseTo(
        (await plain.evaluate('test')).loss,
        4,
      )
      tf.dispose([one.gradients, other.gradients])
      plain.dispose()
      rescaled.dispose()
    },
  )

  it('are trained to the bit again, others for another seed, and leave nothing', async () => {
    const task = await opened('digits8-mlp-scaled')
    const run = async (seed: number) => {
      const { curve, testLoss } = await train({
        task,
        seed,
        steps: 20,
        evaluateEvery: 10,
        optimizer: () => tf.train.adam(0.01),
      })
      return { curve, testLoss }
    }
    const { numTensors } = tf.memory()
    const first = await run(1)
    expect(await run(1)).toEqual(first)
    expect((await run(2)).testLoss).not.toBe(first.testLoss)
    expect(tf.memory().numTensors).toBe(numTensors)
  })

  it('make a step of one learning rate another one for each factor', async () => {
    const plain = await start()
    const inner = await start()
    const rescaled = rescaledProblem(inner, 'network', rootKey(7))
    const kernel = (problem: Problem): Float32Array => valuesOf(problem.parameters)[0]!
    const factor = factorsOf(kernel(rescaled), kernel(plain))[0]!
    const rate = 0.01
    for (const [problem, by] of [
      [plain, rate * factor ** 2],
      [rescaled, rate],
    ] as const) {
      const { gradients } = await problem.step(0)
      tf.train.sgd(by).applyGradients(gradients)
      tf.dispose(gradients)
    }
    // Restores the weights that the stored values stand for.
    tf.dispose((await rescaled.step(1)).gradients)
    expect(difference(kernel(inner), kernel(plain))).toBeLessThan(1e-5)
    plain.dispose()
    rescaled.dispose()
  })
})

import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  classNames,
  makeStepper as make,
  valuesOf,
  type Stepper,
  type Weights,
} from './saved-classes.ts'
import { useBackend } from './tensor-backend.ts'

beforeEach(() => tf.disposeVariables())

const SHAPES = { a: [2, 3], b: [3], c: [2, 2] } as const

type Name = keyof typeof SHAPES

const NAMES = Object.keys(SHAPES) as Name[]

function variables(): tf.Variable[] {
  return NAMES.map((name, index) => tf.variable(values(SHAPES[name], index + 0.5), true, name))
}

/** Values that differ for each seed, with few digits: their sums are exact. */
function values(shape: readonly number[], seed: number): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1)
  return tf.tensor(
    Array.from({ length: size }, (_, i) => Math.round(64 * Math.sin(seed * 2.7 + i * 1.3)) / 64),
    [...shape],
  )
}

type Gradients = Partial<Record<Name, tf.Tensor | null>>

/** The gradients of a call. */
const gradientsOf = (call: number, names: readonly Name[] = NAMES): Gradients =>
  Object.fromEntries(names.map((name, index) => [name, values(SHAPES[name], 10 * call + index)]))

function apply(optimizer: tf.Optimizer, gradients: Gradients): void {
  optimizer.applyGradients(gradients as tf.NamedTensorMap)
  tf.dispose(gradients as tf.NamedTensorMap)
}

/** Copies of what an optimizer holds. */
async function stateOf(optimizer: tf.Optimizer): Promise<unknown> {
  const weights = await optimizer.getWeights()
  return weights.map(({ name, tensor }) => [name, tensor.shape, [...tensor.dataSync()]])
}

const mean = (all: readonly Gradients[]): Gradients =>
  Object.fromEntries(
    NAMES.map((name) => {
      const given = all.flatMap((each) => (each[name] ? [each[name]] : []))
      const isMissing = given.length === 0
      return [name, isMissing ? null : tf.tidy(() => tf.div(tf.addN(given), all.length))]
    }),
  )

const BACKENDS = ['cpu', 'wasm'] as const

describe.each(BACKENDS)('a gradient that is not finite, on %s', (backend) => {
  beforeAll(() => useBackend(backend))

  const wrong = [NaN, Infinity, -Infinity]

  /** Gradients of all variables, of which that of b holds `value`; the first variable is done before b. */
  const withValue = (value: number): Gradients => ({
    ...gradientsOf(3),
    b: tf.tensor1d([1, value, 2]),
  })

  test.each(classNames)('%s: is skipped as if it had not been', async (name) => {
    const run = async (isDisturbed: boolean): Promise<unknown> => {
      tf.disposeVariables()
      const trained = variables()
      const optimizer = await make(name, { onNonFinite: 'skip' })
      if (isDisturbed) apply(optimizer, withValue(NaN))
      apply(optimizer, gradientsOf(0))
      if (isDisturbed) for (const value of wrong) apply(optimizer, withValue(value))
      apply(optimizer, gradientsOf(1))
      expect([optimizer.iterations, optimizer.steps.skipped]).toEqual([2, isDisturbed ? 4 : 0])
      const state = (await stateOf(optimizer)) as [string][]
      return [valuesOf(trained), state.filter(([each]) => !each.endsWith('/calls'))]
    }
    expect(await run(true)).toEqual(await run(false))
  })

  test.each(wrong)('%o is thrown before anything is written', async (value) => {
    const trained = variables()
    const optimizer = await make('nadam', { onNonFinite: 'throw' })
    apply(optimizer, gradientsOf(0))
    const before = [valuesOf(trained), await stateOf(optimizer)]
    expect(() => apply(optimizer, withValue(value))).toThrow(/gradient of b holds NaN/)
    expect([valuesOf(trained), await stateOf(optimizer)]).toEqual(before)
    expect([optimizer.iterations, optimizer.steps.skipped]).toEqual([1, 0])
    const both = { ...withValue(value), c: tf.fill([2, 2], NaN) }
    expect(() => apply(optimizer, both)).toThrow(/gradient of b, c holds/)
  })

  test('is kept when nothing is said, and missing or large gradients are finite', async () => {
    const [a] = variables()
    const optimizer = await make('sgd')
    apply(optimizer, { a: tf.fill([2, 3], NaN) })
    expect(a!.dataSync()[0]).toBeNaN()
    const strict = await make('sgd', { onNonFinite: 'throw' })
    expect(() => apply(strict, { a: null, b: tf.fill([3], 3e38) })).not.toThrow()
    expect(() => apply(strict, { a: null })).not.toThrow()
    expect(strict.iterations).toBe(2)
  })
})

describe.each(BACKENDS)('gradients of several calls, on %s', (backend) => {
  beforeAll(() => useBackend(backend))

  /** What the calls do one by one, and what one with the mean of each `count` of them does. */
  async function compare(
    name: string,
    calls: readonly (() => Gradients)[],
    count: number,
  ): Promise<void> {
    const finish = async (optimizer: Stepper, trained: tf.Variable[]): Promise<unknown> => {
      const found = [valuesOf(trained), optimizer.iterations, await stateOf(optimizer)]
      optimizer.dispose()
      return found
    }
    tf.disposeVariables()
    let trained = variables()
    const added = await make(name, { accumulate: count })
    for (const call of calls) apply(added, call())
    const found = await finish(added, trained)
    tf.disposeVariables()
    trained = variables()
    const averaged = await make(name)
    for (let start = 0; start < calls.length; start += count) {
      const given = calls.slice(start, start + count).map((call) => call())
      apply(averaged, mean(given))
    }
    expect(found).toEqual(await finish(averaged, trained))
  }

  test.each(classNames)('%s: their mean makes one step', async (name) => {
    await compare(
      name,
      Array.from({ length: 8 }, (_, call) => () => gradientsOf(call)),
      4,
    )
  })

  test.each(classNames)('%s: what is missing in a call adds nothing', async (name) => {
    await compare(
      name,
      [
        () => ({ ...gradientsOf(0), a: null, c: null }),
        () => ({ ...gradientsOf(1), b: null, c: null }),
        () => gradientsOf(2, ['a', 'b']),
        () => ({ ...gradientsOf(3, ['b', 'c']), a: null }),
      ],
      2,
    )
  })

  test('a variable of an earlier call takes its part also when the last has another', async () => {
    const [a, b] = variables()
    const start = valuesOf([a!, b!])
    const optimizer = await make('sgd', { accumulate: 2, lr: 1 })
    apply(optimizer, { a: tf.fill([2, 3], 4) })
    expect(valuesOf([a!, b!])).toEqual(start)
    expect([optimizer.iterations, optimizer.steps.pending]).toEqual([0, 1])
    apply(optimizer, { b: tf.fill([3], 8) })
    expect(valuesOf([a!, b!])).toEqual([start[0]!.map((x) => x - 2), start[1]!.map((x) => x - 4)])
    expect([optimizer.iterations, optimizer.steps.pending]).toEqual([1, 0])
  })

  test('a call that is skipped is none of them', async () => {
    const run = async (isDisturbed: boolean): Promise<unknown> => {
      tf.disposeVariables()
      const trained = variables()
      const optimizer = await make('adam', { accumulate: 2, onNonFinite: 'skip' })
      for (let call = 0; call < 4; call++) {
        if (isDisturbed) apply(optimizer, { ...gradientsOf(9), c: tf.fill([2, 2], NaN) })
        apply(optimizer, gradientsOf(call))
      }
      expect(optimizer.steps.skipped).toBe(isDisturbed ? 4 : 0)
      return [valuesOf(trained), optimizer.iterations]
    }
    expect(await run(true)).toEqual(await run(false))
  })

  test('nothing is left behind', async () => {
    const trained = variables()
    const optimizer = await make('sgd', { accumulate: 3, onNonFinite: 'skip' })
    const before = tf.memory().numTensors
    for (let call = 0; call < 3; call++) apply(optimizer, gradientsOf(call))
    expect(tf.memory().numTensors).toBe(before)
    apply(optimizer, gradientsOf(3))
    expect(tf.memory().numTensors).toBe(before + trained.length)
    optimizer.dispose()
    expect(tf.memory().numTensors).toBe(before)
    expect(optimizer.steps.pending).toBe(0)
  })
})

describe('gradients that are not applied yet are saved', () => {
  beforeAll(() => useBackend('cpu'))

  /** Copies, as a file would hold them. */
  const copies = (weights: Weights): Weights =>
    weights.map(({ name, tensor }) => ({ name, tensor: tf.clone(tensor) }))

  test.each(classNames)('%s: goes on in another optimizer', async (name) => {
    const options = { accumulate: 3, onNonFinite: 'skip' }
    const run = async (isMoved: boolean): Promise<unknown> => {
      tf.disposeVariables()
      const trained = variables()
      let optimizer = await make(name, options)
      for (let call = 0; call < 8; call++) {
        // Also before the first update, between two, and twice in a row.
        if (isMoved && [1, 5, 7].includes(call)) {
          const saved = copies(await optimizer.getWeights())
          const between = await make(name, options)
          await between.setWeights(saved)
          const again = await make(name, options)
          await again.setWeights(await between.getWeights())
          optimizer.dispose()
          between.dispose()
          optimizer = again
        }
        apply(optimizer, { ...gradientsOf(call), ...(call % 3 === 0 && { a: null }) })
      }
      apply(optimizer, { a: tf.fill([2, 3], NaN) })
      return [valuesOf(trained), optimizer.iterations, optimizer.steps, await stateOf(optimizer)]
    }
    const [moved, stayed] = [await run(true), await run(false)]
    const plain = (found: unknown): unknown =>
      (found as unknown[]).map((each, index) =>
        index === 2
          ? [(each as Stepper['steps']).pending, (each as Stepper['steps']).skipped]
          : each,
      )
    expect(plain(moved)).toEqual(plain(stayed))
    expect((plain(moved) as unknown[])[2]).toEqual([2, 1])
  })

  test('an optimizer that adds up fewer goes on with what there is', async () => {
    const [a] = variables()
    const start = valuesOf([a!])[0]!
    const first = await make('sgd', { accumulate: 4, lr: 1 })
    apply(first, { a: tf.fill([2, 3], 1) })
    apply(first, { a: tf.fill([2, 3], 4) })
    const second = await make('sgd', { lr: 1 })
    await second.setWeights(await first.getWeights())
    apply(second, { a: tf.fill([2, 3], 7) })
    expect(valuesOf([a!])[0]).toEqual(start.map((x) => x - 4))
  })

  test('those of variables whose names are not known are an error, and nothing is changed', async () => {
    const [a] = variables()
    const first = await make('sgd', { accumulate: 3 })
    apply(first, { a: tf.fill([2, 3], 1) })
    const saved = copies(await first.getWeights())
    a!.dispose()
    const x = tf.variable(tf.zeros([2, 3]), true, 'x')
    const second = await make('sgd', { accumulate: 3 })
    await second.setWeights(saved)
    const step = (): void => second.applyGradients({ x: tf.ones([2, 3]) })
    expect(step).toThrow(/gradients were added up for a.*give variables names/)
    expect(valuesOf([x])[0]).toEqual([0, 0, 0, 0, 0, 0])
  })

  test('setWeights without weights forgets them', async () => {
    const trained = variables()
    const optimizer = await make('adam', { accumulate: 2, onNonFinite: 'skip' })
    apply(optimizer, { ...gradientsOf(0), b: tf.fill([3], NaN) })
    apply(optimizer, gradientsOf(1))
    await optimizer.setWeights([])
    expect([optimizer.steps.pending, optimizer.steps.skipped]).toEqual([0, 0])
    const before = valuesOf(trained)
    apply(optimizer, gradientsOf(2))
    expect(valuesOf(trained)).toEqual(before)
  })
})

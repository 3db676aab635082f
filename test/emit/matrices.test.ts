import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadPrograms, type OptimizerClass } from '../../src/emit/ts/load.ts'
import { printTypeScript } from '../../src/emit/ts/print.ts'
import { simulate } from '../../src/plan/run/evaluate.ts'
import { programOf } from '../ir/program.ts'
import { optimizer } from '../stdlib/library.ts'
import { useBackend } from './tensor-backend.ts'

beforeAll(() => useBackend('cpu'))

async function classOf(program: Parameters<typeof simulate>[0]): Promise<OptimizerClass> {
  const { optimizers } = await loadPrograms([program], [], tf)
  return [...optimizers.values()][0]!
}

const ones = (shape: readonly number[]): tf.Tensor => tf.ones([...shape])

const ROOT =
  'if rank(w) >= 2 {\n  state l = 0\n  l = l + matmul(transpose(g), g) + eye(outputs)\n  update = lr * matmul(g, inverse_root(l, 2, max_extent = 3))\n} else {\n  update = lr * g\n}'

describe('a side that is too long', () => {
  test('is an error when the class first meets it, and nothing is changed', async () => {
    const Class = await classOf(programOf(ROOT))
    const small = tf.variable(ones([2, 3]), true, 'small_kernel')
    const bias = tf.variable(ones([9]), true, 'some_bias')
    const wide = tf.variable(ones([2, 4]), true, 'wide_kernel')
    const own = new Class({ lr: 0.5 })
    const gradientsOf = (...variables: tf.Variable[]): { name: string; tensor: tf.Tensor }[] =>
      variables.map(({ name, shape }) => ({ name, tensor: ones(shape) }))
    own.applyGradients(gradientsOf(small, bias))
    const [before, saved] = [small.dataSync().slice(), await own.getWeights()]
    expect(() => own.applyGradients(gradientsOf(small, bias, wide))).toThrow(
      'wide_kernel has 4 outputs, and Rule takes at most 3, the max_extent of inverse_root',
    )
    expect(small.dataSync()).toEqual(before)
    expect(wide.dataSync()).toEqual(new Float32Array(8).fill(1))
    expect((await own.getWeights()).map(({ name }) => name)).toEqual(saved.map(({ name }) => name))
    expect(own.iterations).toBe(1)
    tf.dispose([small, bias, wide])
  })

  test('is one on the evaluator, and that of the program alone', () => {
    const program = programOf(ROOT)
    const run = (shape: number[]): number[] => {
      const size = shape.reduce((a, b) => a * b, 1)
      return [...simulate(program, { shape }, new Float32Array(size), [new Float32Array(size)])[0]!]
    }
    expect(() => run([2, 4])).toThrow(RangeError)
    expect(run([5, 3])).toHaveLength(15)
    expect(run([2000])).toHaveLength(2000)
    const big = programOf(
      'if rank(w) >= 2 {\n  update = lr * matmul(matmul(g, transpose(g)), g)\n} else {\n  update = g\n}',
    )
    expect(() => simulate(big, { shape: [20_000, 1] }, new Float32Array(20_000), [])).toThrow(
      'a parameter has 20000 inputs, and rule takes at most 16384, matrices of inputs by inputs',
    )
  })

  test('is an error before the first step where only what is evaluated cannot take it', async () => {
    const program = programOf(
      'update = lr * g\nif rank(w) >= 2 {\n  state l = 0\n  l = l + matmul(transpose(g), g)\n  evaluate = matmul(w, inverse_root(l, 2, max_extent = 3))\n}',
    )
    const Class = await classOf(program)
    const wide = tf.variable(ones([2, 4]), true, 'wide_evaluated')
    const own = new Class()
    const sentence = /has 4 outputs, and Rule takes at most 3, the max_extent of inverse_root/i
    expect(() => own.applyGradients([{ name: wide.name, tensor: ones(wide.shape) }])).toThrow(
      sentence,
    )
    expect([...wide.dataSync()]).toEqual(Array<number>(8).fill(1))
    const values = new Float32Array(8)
    expect(() => simulate(program, { shape: [2, 4] }, values, [values])).toThrow(sentence)
    wide.dispose()
  })

  test('is left to another rule by the library', async () => {
    for (const name of ['shampoo', 'soap']) {
      const Class = await classOf(optimizer(name))
      const long = tf.variable(ones([1, 1025]))
      const own = new Class()
      for (let step = 0; step < 2; step++)
        own.applyGradients([{ name: long.name, tensor: ones(long.shape) }])
      expect(long.dataSync().every((value) => value < 1)).toBe(true)
      own.dispose()
      long.dispose()
    }
  })
})

describe('states that are matrices', () => {
  test.each(['shampoo', 'soap', 'muon'])(
    'of std/%s are saved, restored and freed',
    async (name) => {
      const program = optimizer(name)
      const Class = await classOf(program)
      const start = tf.memory().numTensors
      const shape = [2, 1, 2, 3]
      const gradient = (step: number): tf.Tensor =>
        tf.tidy(() => tf.sin(tf.mul(tf.reshape(tf.range(1, 13), shape), step + 2)))
      const run = async (changes: boolean): Promise<Float32Array> => {
        const w = tf.tidy(() => tf.variable(ones(shape), true, `kernel_of_${name}_${changes}`))
        let own = new Class({ lr: 0.1 })
        for (let step = 0; step < 6; step++) {
          if (changes && step === 3) {
            const weights = (await own.getWeights()).map((each) => ({
              name: each.name,
              tensor: each.tensor.clone(),
            }))
            own.dispose()
            own = new Class({ lr: 0.1 })
            await own.setWeights(weights)
            tf.dispose(weights.map(({ tensor }) => tensor))
          }
          const tensor = gradient(step)
          own.applyGradients([{ name: w.name, tensor }])
          tensor.dispose()
        }
        const values = w.dataSync().slice() as Float32Array
        own.dispose()
        w.dispose()
        return values
      }
      expect(await run(true)).toEqual(await run(false))
      expect(tf.memory().numTensors).toBe(start)
    },
  )

  test('have the shape of their axes', async () => {
    const Class = await classOf(optimizer('soap'))
    const w = tf.variable(ones([2, 1, 2, 3]), true, 'shaped')
    const bias = tf.variable(ones([3]), true, 'flat')
    const own = new Class()
    own.applyGradients([w, bias].map(({ name, shape }) => ({ name, tensor: ones(shape) })))
    const shapes = Object.fromEntries(
      (await own.getWeights()).map(({ name, tensor }) => [name, tensor.shape]),
    )
    expect(shapes).toMatchObject({
      'shaped/l': [4, 4],
      'shaped/r': [3, 3],
      'shaped/q_inputs': [4, 4],
      'shaped/q_outputs': [3, 3],
      'shaped/v': [2, 1, 2, 3],
      'flat/v': [3],
    })
    expect(Object.keys(shapes).filter((name) => name.startsWith('flat/'))).toEqual([
      'flat/m',
      'flat/v',
    ])
    own.dispose()
    tf.dispose([w, bias])
  })
})

test('a module carries what solves matrices only where it uses it', async () => {
  const [muon] = await printTypeScript([optimizer('muon')], [])
  const [soap] = await printTypeScript([optimizer('soap')], [])
  const [adam] = await printTypeScript([optimizer('adam')], [])
  expect(muon!.text).not.toContain('symmetricEigen')
  expect(muon!.text).toContain('asMatrix')
  for (const piece of ['function symmetricEigen', 'function orthonormalColumns'])
    expect(soap!.text).toContain(piece)
  expect(adam!.text).not.toMatch(/asMatrix|checkSides|countInputs/)
})

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeAll(() => useBackend(backend))

  test.each('muon adamuon normuon scion shampoo soap'.split(' '))(
    'std/%s takes parameters without elements, and of one',
    async (name) => {
      const Class = await classOf(optimizer(name))
      const own = new Class()
      const shapes = [[0, 3], [3, 0], [2, 0, 3], [0], [1, 1], [1, 1, 1, 1]]
      const variables = shapes.map((shape) => tf.tidy(() => tf.variable(ones(shape))))
      for (let step = 0; step < 3; step++)
        own.applyGradients(variables.map((w) => ({ name: w.name, tensor: ones(w.shape) })))
      for (const w of variables) {
        const values = [...w.dataSync()]
        expect(values).toHaveLength(w.size)
        expect(values.every((value) => value < 1)).toBe(true)
      }
      own.dispose()
      tf.dispose(variables)
    },
  )
})

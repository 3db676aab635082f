import * as tf from '@tensorflow/tfjs-core'
import * as layers from '@tensorflow/tfjs-layers'
import { beforeEach, describe, expect, test } from 'vitest'
import { loadPrograms, type OptimizerClass } from '../../src/emit/ts/load.ts'
import { loadOptimizerFactory } from '../../src/runtime/optimizer-factory.ts'
import { compileText } from './compile-program.ts'
import { useBackend } from './tensor-backend.ts'
import { library } from '../stdlib/library.ts'

const SHAPES: Readonly<Record<string, number[]>> = { a: [2, 3], b: [5], c: [], d: [0] }
const NAMES = Object.keys(SHAPES)

const RUN_STATES = `optimizer Run(lr = 0.1, rate in [0, 1) = 0.3) {
  state d = rate
  state n = 1
  state m = lr
  d = d * 0.9
  n = n + d + lr * t
  m = 0.5 * m + n * g
  update = lr * m
}`

const EVALUATED = `optimizer Evaluated(lr = 0.1) {
  state m = 0
  m = 0.9 * m + g
  update = lr * m
  evaluate = w - lr * m
}`

const compiled: Readonly<Record<string, () => ReturnType<typeof library>>> = {
  adam: () => library('adam'),
  nadam: () => library('nadam'),
  lamb: () => library('lamb'),
  lion: () => library('lion'),
  novograd: () => library('novograd'),
  sgld: () => library('sgld'),
  adafactor: () => library('adafactor'),
  prodigy: () => library('prodigy'),
  shampoo: () => library('shampoo'),
  'states of the run': () => compileText('run.opt', RUN_STATES),
  'weights to evaluate with': () => compileText('evaluated.opt', EVALUATED),
}

interface Classes {
  readonly Emitted: OptimizerClass
  readonly Kernels: OptimizerClass
}

async function classesOf({ programs, functions }: ReturnType<typeof library>): Promise<Classes> {
  const [Emitted, Kernels] = await Promise.all(
    [false, true].map(async (kernels) => {
      const [Class] = (await loadPrograms(programs, functions, tf, kernels)).optimizers.values()
      return Class!
    }),
  )
  return { Emitted: Emitted!, Kernels: Kernels! }
}

const use = (backend: 'cpu' | 'wasm') => async (): Promise<void> => {
  tf.disposeVariables()
  await useBackend(backend)
}

function makeVariables(names: readonly string[] = NAMES): tf.Variable[] {
  return names.map((name, place) => {
    const shape = SHAPES[name]!
    const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, at) =>
      Math.cos(at + place),
    )
    return tf.tidy(() => tf.variable(tf.tensor(values, shape), true, name))
  })
}

/** Other tensors with the values of a tensor; this backend copies for a clone, and reshapes without copying. */
const others = (tensor: tf.Tensor): tf.Tensor[] => [
  tf.clone(tensor),
  tf.reshape(tensor, [tensor.size]),
]

/** One step whose gradients depend on the step, the variable and the element. */
function step(optimizer: tf.Optimizer, names: readonly string[], t: number, last?: number): void {
  tf.tidy(() => {
    optimizer.applyGradients(
      names.map((name, place) => {
        const shape = SHAPES[name]!
        const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, at) =>
          Math.sin(3 * t + at + 7 * place),
        )
        if (last !== undefined && values.length > 0) values[values.length - 1] = last
        return { name, tensor: tf.tensor(values, shape) }
      }),
    )
  })
}

const valuesOf = (variables: readonly tf.Tensor[]): number[][] =>
  variables.map((variable) => [...variable.dataSync()])

/** Equal up to what roundings of steps add up to. */
function expectClose(actual: readonly number[][], expected: readonly number[][]): void {
  expect(actual.map((values) => values.length)).toEqual(expected.map((values) => values.length))
  actual.forEach((values, place) =>
    values.forEach((value, at) => {
      const wanted = expected[place]![at]!
      expect(Math.abs(value - wanted)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(wanted)))
    }),
  )
}

/** The weights after steps of an optimizer of the class. */
function run(Class: OptimizerClass, options: object, steps = 6, last?: number): number[][] {
  const variables = makeVariables()
  const optimizer = new Class({ totalSteps: 20, ...options })
  for (let t = 0; t < steps; t++) step(optimizer, NAMES, t, t === 2 ? last : undefined)
  const found = valuesOf(variables)
  optimizer.dispose()
  tf.dispose(variables)
  return found
}

const CASES = (['cpu', 'wasm'] as const).flatMap((backend) =>
  Object.entries(compiled).map(([name, load]) => ({ backend, name, load })),
)

describe.each(CASES)('$name on $backend', ({ backend, load }) => {
  beforeEach(use(backend))

  test.each<[string, object, number?]>([
    ['no options', {}],
    ['a schedule', { lr: (t: number, T: number) => 0.1 * (1 - t / T) }],
    ['groups', { groups: [{ match: ['b', 'c'], lr: [0.5, 0.2] }, { match: /a/ }] }],
    ['sums of gradients', { accumulate: 3 }],
    ['gradients that are left out', { onNonFinite: 'skip' }, NaN],
  ])('steps as the emitted class does, with %s', async (__, options, last) => {
    const { Emitted, Kernels } = await classesOf(load())
    const start = valuesOf(makeVariables())
    tf.disposeVariables()
    const found = run(Kernels, options, 6, last)
    expectClose(found, run(Emitted, options, 6, last))
    expect(found).not.toEqual(start)
  })

  test.each([
    ['the emitted class', 'Kernels', 'Emitted'],
    ['kernels', 'Emitted', 'Kernels'],
    ['kernels, from kernels', 'Kernels', 'Kernels'],
  ] as const)('its states go on in %s', async (__, from, to) => {
    const classes = await classesOf(load())
    const expected = run(classes.Emitted, {}, 6)
    const variables = makeVariables()
    const first = new classes[from]({ totalSteps: 20 })
    for (let t = 0; t < 3; t++) step(first, NAMES, t)
    const second = new classes[to]({ totalSteps: 20 })
    await second.setWeights(await first.getWeights())
    const kept = valuesOf((await first.getWeights()).map(({ tensor }) => tensor))
    for (let t = 3; t < 6; t++) step(second, NAMES, t)
    expectClose(valuesOf(variables), expected)
    expect(second.iterations).toBe(6)
    // The states that were handed over are the other optimizer's own.
    expect(valuesOf((await first.getWeights()).map(({ tensor }) => tensor))).toEqual(kept)
  })

  test('changes nothing that somebody else holds', async () => {
    const { Kernels } = await classesOf(load())
    const expected = run(Kernels, {})
    const variables = makeVariables()
    const optimizer = new Kernels({ totalSteps: 20 })
    const held: { tensors: tf.Tensor[]; values: number[][] }[] = []
    const hold = (tensors: readonly tf.Tensor[]): void => {
      const all = tensors.flatMap(others)
      held.push({ tensors: all, values: valuesOf(all) })
    }
    for (let t = 0; t < 6; t++) {
      hold(variables)
      hold((await optimizer.getWeights()).map(({ tensor }) => tensor))
      step(optimizer, NAMES, t)
    }
    expect(valuesOf(variables)).toEqual(expected)
    for (const { tensors, values } of held) expect(valuesOf(tensors)).toEqual(values)
    // Those of a, before the last step.
    expect(held.at(-2)!.values[0]).not.toEqual(expected[0])
  })

  test('leaves no tensor behind, and makes none after its first step', async () => {
    const { Kernels } = await classesOf(load())
    const variables = makeVariables()
    const before = tf.memory()
    const optimizer = new Kernels({ totalSteps: 20 })
    step(optimizer, NAMES, 0)
    const { numTensors, numDataBuffers } = tf.memory()
    for (let t = 1; t < 5; t++) step(optimizer, NAMES, t)
    expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers })
    optimizer.dispose()
    expect(tf.memory()).toMatchObject({
      numTensors: before.numTensors,
      numDataBuffers: before.numDataBuffers,
    })
    tf.dispose(variables)
  })
})

describe('on wasm', () => {
  beforeEach(use('wasm'))

  test('steps are in place: weights stay where they are unless somebody else holds them', async () => {
    const { Kernels } = await classesOf(library('adam'))
    const [w] = makeVariables(['a'])
    const optimizer = new Kernels()
    step(optimizer, ['a'], 0)
    const { dataId } = w!
    step(optimizer, ['a'], 1)
    expect(w!.dataId).toBe(dataId)
    const held = tf.reshape(w!, [6])
    step(optimizer, ['a'], 2)
    expect(w!.dataId).not.toBe(dataId)
    expect(held.dataId).toBe(dataId)
  })

  test.each([
    ['kernels', true],
    ['ts', false],
  ] as const)('a factory whose optimizers are stepped by the %s', async (steppedBy, isInPlace) => {
    const rule = await loadOptimizerFactory(library('adam').programs[0]!, steppedBy)
    const [w] = makeVariables(['a'])
    const optimizer = rule({ hyperparameters: { lr: 0.1, beta1: (t) => t / 10 } })
    const { dataId } = w!
    for (let t = 0; t < 3; t++) step(optimizer, ['a'], t)
    expect(w!.dataId === dataId).toBe(isInPlace)
  })

  // The backend packs weights once for each tensor that is the second operand.
  test.each<[string, number[], (w: tf.Tensor) => tf.Tensor]>([
    ['matrix products', [3, 4], (w) => tf.matMul(tf.ones([2, 3]), w as tf.Tensor2D)],
    [
      'convolutions',
      [2, 2, 3, 4],
      (w) => tf.conv2d(tf.ones<tf.Rank.R4>([1, 5, 5, 3]), w as tf.Tensor4D, 1, 'same'),
    ],
    [
      'depthwise convolutions',
      [2, 2, 3, 1],
      (w) => tf.depthwiseConv2d(tf.ones<tf.Rank.R4>([1, 5, 5, 3]), w as tf.Tensor4D, 1, 'same'),
    ],
    ['leaky rectifiers', [4], (w) => tf.prelu(tf.fill([2, 4], -1), w)],
  ])('%s see the weights that were changed in place', async (_, shape, use) => {
    const { Kernels } = await classesOf(library('adam'))
    const w = tf.tidy(() => tf.variable(tf.randomUniform(shape, -1, 1, 'float32', 1), true, 'w'))
    const optimizer = new Kernels({ lr: 0.5 })
    const results: number[][] = []
    for (let t = 0; t < 3; t++) {
      const [result] = valuesOf([use(w)])
      expect(result).toEqual(valuesOf([use(tf.clone(w))])[0])
      results.push(result!)
      optimizer.applyGradients([{ name: 'w', tensor: tf.ones(shape) }])
    }
    expect(results[1]).not.toEqual(results[0])
  })

  test('models learn as with the emitted class', async () => {
    const { Emitted, Kernels } = await classesOf(library('lamb'))
    const losses = async (Class: OptimizerClass): Promise<number[]> => {
      const seeded = (seed: number) => layers.initializers.glorotUniform({ seed })
      const model = layers.sequential({
        layers: [
          layers.layers.dense({
            units: 8,
            activation: 'relu',
            inputShape: [6],
            kernelInitializer: seeded(1),
          }),
          layers.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: seeded(2) }),
        ],
      })
      model.compile({ optimizer: new Class({ lr: 0.05 }), loss: 'categoricalCrossentropy' })
      const x = tf.randomNormal([32, 6], 0, 1, 'float32', 3)
      const y = tf.oneHot(tf.argMax(tf.slice(x, [0, 0], [32, 3]), 1), 3)
      const { history } = await model.fit(x, y, { epochs: 12, shuffle: false, verbose: 0 })
      model.dispose()
      return history['loss'] as number[]
    }
    const found = await losses(Kernels)
    expectClose([found], [await losses(Emitted)])
    expect(found.at(-1)!).toBeLessThan(0.8 * found[0]!)
  })

  test('the gradient may be the weights themselves, or a tensor with their values', async () => {
    const { Emitted, Kernels } = await classesOf(library('momentum'))
    const after = (
      Class: OptimizerClass,
      gradientOf: (w: tf.Variable) => tf.Tensor,
    ): number[][] => {
      const [w] = makeVariables(['b'])
      const optimizer = new Class()
      for (let t = 0; t < 3; t++)
        tf.tidy(() => optimizer.applyGradients([{ name: 'b', tensor: gradientOf(w!) }]))
      const found = valuesOf([w!])
      optimizer.dispose()
      w!.dispose()
      return found
    }
    const expected = after(Emitted, (w) => tf.clone(w))
    expectClose(
      after(Kernels, (w) => tf.clone(w)),
      expected,
    )
    expectClose(
      after(Kernels, (w) => w),
      expected,
    )
  })

  test('a variable without a gradient gets its states and stays', async () => {
    const { Kernels } = await classesOf(library('adam'))
    const [a, b] = makeVariables(['a', 'b'])
    const before = valuesOf([a!])
    const optimizer = new Kernels()
    optimizer.applyGradients([
      { name: 'a', tensor: null as unknown as tf.Tensor },
      { name: 'b', tensor: tf.clone(b!) },
    ])
    expect(valuesOf([a!])).toEqual(before)
    expect((await optimizer.getWeights()).map(({ name }) => name)).toContain('a/m')
  })

  test('on another backend, and back, steps go on', async () => {
    const { Emitted, Kernels } = await classesOf(library('adam'))
    const expected = run(Emitted, {}, 6)
    const variables = makeVariables()
    const optimizer = new Kernels({ totalSteps: 20 })
    for (let t = 0; t < 6; t++) {
      await useBackend(t % 3 === 1 ? 'cpu' : 'wasm')
      step(optimizer, NAMES, t)
    }
    expectClose(valuesOf(variables), expected)
  })

  test('values outside of what a hyperparameter may be are refused before anything is changed', async () => {
    const { Kernels } = await classesOf(library('adam'))
    const variables = makeVariables()
    const before = valuesOf(variables)
    const optimizer = new Kernels({ groups: [{ match: /c/, beta1: () => 2 }] })
    expect(() => step(optimizer, NAMES, 0)).toThrow(/beta1 is 2; it must be in/)
    expect(valuesOf(variables)).toEqual(before)
    expect(optimizer.iterations).toBe(0)
  })

  test('the weights to evaluate with are those of the emitted class', async () => {
    const { Emitted, Kernels } = await classesOf(compileText('evaluated.opt', EVALUATED))
    const evaluated = (Class: OptimizerClass): number[][] => {
      const variables = makeVariables()
      const optimizer = new Class() as tf.Optimizer & {
        evaluationWeights(): { name: string; tensor: tf.Tensor }[]
      }
      for (let t = 0; t < 3; t++) step(optimizer, NAMES, t)
      const found = valuesOf(optimizer.evaluationWeights().map(({ tensor }) => tensor))
      tf.dispose(variables)
      return found
    }
    expectClose(evaluated(Kernels), evaluated(Emitted))
  })
})

import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { loadPrograms, type OptimizerClass } from '../../src/emit/ts/load.ts'
import { library } from '../stdlib/library.ts'
import { compileProgram, compileText } from './compile-program.ts'
import { useBackend } from './tensor-backend.ts'

await useBackend('cpu')

type Compiled = ReturnType<typeof compileText>

async function classOf({ programs, functions }: Compiled): Promise<OptimizerClass> {
  const [Class] = (await loadPrograms(programs, functions, tf)).optimizers.values()
  return Class!
}

type Options = ConstructorParameters<OptimizerClass>[0]

/** The class as JavaScript sees it, which has no types. */
type Untyped = new (options?: unknown) => tf.Optimizer & Record<string, unknown>

const momentum = async (): Promise<Untyped> => (await classOf(library('momentum'))) as never

/** Steps on one variable with the gradient 1; what has gone from it. */
function steps(optimizer: tf.Optimizer, count: number): number {
  const w = tf.variable(tf.scalar(0))
  for (let t = 0; t < count; t++) optimizer.applyGradients({ [w.name]: tf.scalar(1) })
  const [value] = w.dataSync()
  w.dispose()
  return -value!
}

/** Values that no hyperparameter in [0, 1) has, and the error each gives. */
const WRONG: readonly (readonly [string, unknown, ErrorConstructor, RegExp])[] = [
  ['a number below', -0.5, RangeError, /momentum is -0.5; it must be in \[0, 1\)/],
  ['NaN', NaN, RangeError, /momentum is NaN/],
  ['an infinite number', Infinity, RangeError, /momentum is Infinity/],
  ['a list with a number below', [0.5, -0.5], RangeError, /momentum is -0.5/],
  ['a list with NaN', [NaN], RangeError, /momentum is NaN/],
  ['a list of texts', ['0.5'], TypeError, /momentum must be a number, .* of type string/],
  ['a tensor', tf.scalar(0.1), TypeError, /momentum must be a number, .* of type object/],
  ['a text', '0.5', TypeError, /momentum must be a number, .* of type string/],
  ['true', true, TypeError, /momentum must be a number, .* of type boolean/],
]

describe.each(WRONG)('%s', (_, value, Kind, message) => {
  test('is refused where an optimizer is made', async () => {
    const Class = await momentum()
    expect(() => new Class({ momentum: value })).toThrow(Kind)
    expect(() => new Class({ momentum: value })).toThrow(message)
  })

  test('is refused by the next step where it is set later, and nothing moves', async () => {
    const Class = await momentum()
    const optimizer = new Class({ totalSteps: 10 })
    expect(steps(optimizer, 1)).toBeGreaterThan(0)
    optimizer['momentum'] = value
    const w = tf.variable(tf.scalar(1))
    expect(() => optimizer.applyGradients({ [w.name]: tf.scalar(1) })).toThrow(message)
    expect([w.dataSync()[0], optimizer.iterations]).toEqual([1, 1])
  })

  test('is refused where an optimizer is saved', async () => {
    const Class = await momentum()
    const optimizer = new Class({ totalSteps: 10 })
    optimizer['momentum'] = value
    expect(() => optimizer.getConfig()).toThrow(message)
  })
})

test.each(WRONG.filter(([, value]) => !Array.isArray(value)))(
  '%s is refused when a function gives it',
  async (_, value, Kind, message) => {
    const Class = await momentum()
    const optimizer = new Class({ momentum: () => value, totalSteps: 10 })
    expect(() => steps(optimizer, 1)).toThrow(Kind)
    expect(() => steps(optimizer, 1)).toThrow(message)
    expect(() => optimizer.getConfig()).toThrow(message)
  },
)

describe('options', () => {
  test('an empty list is refused everywhere', async () => {
    const Class = await momentum()
    expect(() => new Class({ lr: [] })).toThrow(/lr is an empty list/)
    const optimizer = new Class()
    optimizer['learningRate'] = []
    expect(() => steps(optimizer, 1)).toThrow(/lr must be a number/)
  })

  test.each([
    [
      { learningRate: 0.5 },
      /there is no option learningRate; there are lr, momentum, .*totalSteps/,
    ],
    [{ LR: 0.5 }, /there is no option LR/],
    [{ toString: 1 }, /there is no option toString/],
    [() => 0.1, /the options must be an object with some of lr, momentum/],
    [[0.1], /the options must be an object/],
    ['sgd', /the options must be an object/],
  ])('%o is refused', async (options, message) => {
    const Class = await momentum()
    expect(() => new Class(options)).toThrow(TypeError)
    expect(() => new Class(options)).toThrow(message)
  })

  test('a number is the learning rate, where nothing else is wanted', async () => {
    const Class = await momentum()
    expect(steps(new Class(0.5), 3)).toBe(steps(new Class({ lr: 0.5 }), 3))
    expect(() => new Class(-0.5)).toThrow(/lr is -0.5; it must be in \(0, inf\)/)
    const WithoutRate = (await classOf(
      compileText('rule.opt', 'optimizer Plain(rate = 0.1) {\n  update = rate * g\n}\n'),
    )) as unknown as Untyped
    expect(() => new WithoutRate(0.5)).toThrow(/the options must be an object with some of rate/)
    const WithSteps = (await classOf(compileProgram('sign_cosine'))) as unknown as Untyped
    expect(() => new WithSteps(0.5)).toThrow(/totalSteps is undefined; the rule needs/)
  })

  test.each(['x', NaN, 0.5, 2 ** 53, null])('the seed %o is refused', async (seed) => {
    for (const compiled of [
      library('sgd'),
      compileText('rule.opt', 'update = lr * dropout(g, 0.5)\n'),
    ]) {
      const Class = await classOf(compiled)
      expect(() => new Class({ seed } as Options)).toThrow(/seed is .*; it must be a whole number/)
      expect(() => new Class({ seed: 7 })).not.toThrow()
    }
  })

  test('what is saved can be made again, also a rate of 0 that was set between steps', async () => {
    const Class = await momentum()
    const optimizer = new Class({ lr: 0.5 })
    steps(optimizer, 1)
    optimizer['learningRate'] = 0
    const config = JSON.parse(JSON.stringify(optimizer.getConfig())) as object
    const again = new Class({ ...config, customObjects: {} })
    expect(Math.abs(steps(again, 2))).toBe(0)
    expect(again.getConfig()).toEqual(optimizer.getConfig())
  })
})

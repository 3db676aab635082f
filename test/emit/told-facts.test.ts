import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { loadPrograms, type OptimizerClass } from '../../src/emit/ts/load.ts'
import { simulate } from '../../src/plan/run/evaluate.ts'
import { loadOptimizerFactory } from '../../src/runtime/optimizer-factory.ts'
import type { EvaluatingOptimizer } from '../../src/runtime/evaluation-weights.ts'
import { checkText } from '../check/check-text.ts'
import { compileText } from './compile-program.ts'
import { useBackend } from './tensor-backend.ts'

const HIDDEN = 'if is_hidden(w) {\n  update = g\n} else {\n  update = 2 * g\n}\n'
// Adam's first step is the learning rate, whatever the gradient, only where the correction counts from it on.
const COUNTED =
  'let m = ema(g, 0.9) / (1 - 0.9^(steps(w) + 1))\nlet v = ema(g^2, 0.99) / (1 - 0.99^(steps(w) + 1))\nupdate = lr * m / (sqrt(v) + 1e-12)\n'

beforeAll(() => useBackend('cpu'))
beforeEach(() => tf.disposeVariables())

async function classOf(rule: string): Promise<OptimizerClass> {
  const { optimizers } = await loadPrograms(compileText('rule.opt', rule).programs, [], tf)
  return [...optimizers.values()][0]!
}

const make = (name: string, shape: number[]): tf.Variable =>
  tf.tidy(() => tf.variable(tf.zeros(shape), true, name))

function step(
  optimizer: tf.Optimizer,
  gradients: readonly (readonly [tf.Variable, number | null])[],
): void {
  tf.tidy(() =>
    optimizer.applyGradients(
      gradients.map(([{ name, shape }, value]) => ({
        name,
        tensor: value === null ? (null as unknown as tf.Tensor) : tf.fill(shape, value),
      })),
    ),
  )
}

const first = (w: tf.Tensor): number => w.dataSync()[0]!

describe('is_hidden(w)', () => {
  const NAMES = ['embedding/kernel', 'dense/kernel', 'classes/kernel', 'filter', 'bias', 'scale']
  const SHAPES = [[3, 2], [2, 2], [2, 4], [1, 1, 2, 2], [2], []]

  test.each([
    [undefined, [0, 1, 2, 3]],
    [/embedding|classes/, [1, 3]],
    [
      ['dense/kernel', 'bias'],
      [0, 2, 3],
    ],
    [(name: string, shape: readonly (number | null)[]) => shape.length > 2 || name > 'd', [2]],
  ])('with notHidden %o', async (notHidden, hidden) => {
    const optimizer = new (await classOf(HIDDEN))({ notHidden })
    const variables = NAMES.map((name, index) => make(name, SHAPES[index]!))
    step(
      optimizer,
      variables.map((w) => [w, 1]),
    )
    expect(variables.map(first)).toEqual(
      NAMES.map((_, index) => (hidden.includes(index) ? -1 : -2)),
    )
  })

  test('on the evaluator it is as it is told', () => {
    const [program] = compileText('rule.opt', HIDDEN).programs
    const at = (shape: number[], options: object): number =>
      simulate(
        program!,
        { shape, ...options },
        Array.from({ length: 4 }, () => 0),
        [[1, 1, 1, 1]],
      )[0]![0]!
    expect(at([2, 2], {})).toBe(-1)
    expect(at([4], {})).toBe(-2)
    expect(at([2, 2], { isHidden: false })).toBe(-2)
    expect(at([4], { isHidden: true })).toBe(-2)
  })

  test('is saved with the options, but for a function', async () => {
    const Class = await classOf(HIDDEN)
    for (const notHidden of [/embedding/i, ['a', 'b_c']]) {
      const config = JSON.parse(JSON.stringify(new Class({ notHidden }).getConfig())) as object
      const again = new Class(config as Record<string, unknown>)
      expect((again as unknown as { notHidden: unknown }).notHidden).toEqual(notHidden)
    }
    expect(new Class({}).getConfig()).not.toHaveProperty('notHidden')
    expect(() => new Class({ notHidden: () => true }).getConfig()).toThrow(
      'notHidden is a function, which cannot be saved: give a RegExp or names',
    )
  })

  test.each([5, 'embedding', [], [1], {}])('notHidden %o is refused', async (notHidden) => {
    const Class = await classOf(HIDDEN)
    expect(() => new Class({ notHidden })).toThrow(
      'notHidden must be a RegExp, a list of names or a function',
    )
  })

  test('only classes that ask have the option; the factory gives it to those', async () => {
    const Class = await classOf('update = lr * g')
    expect(() => new Class({ notHidden: /a/ })).toThrow(/notHidden/)
    for (const rule of [HIDDEN, 'update = 2 * g\n']) {
      tf.disposeVariables()
      const make_ = await loadOptimizerFactory(compileText('rule.opt', rule).programs[0]!)
      const optimizer = make_({ hyperparameters: {}, notHidden: /w/ })
      const w = make('w', [2, 2])
      step(optimizer, [[w, 1]])
      expect(first(w)).toBe(-2)
    }
  })

  test('is a condition', () => {
    const codes = (text: string): string[] => checkText(text).found.map(({ code }) => code)
    expect(codes('update = lr * g * is_hidden(w)\n')).toEqual(['boolean-as-number'])
    expect(codes('update = lr * where(is_hidden(w) and rank(w) < 4, g, sign(g))\n')).toEqual([])
    expect(codes('if not is_hidden(w) {\n  update = g\n} else {\n  update = sign(g)\n}\n')).toEqual(
      [],
    )
    expect(codes('update = lr * where(is_hidden(g), g, 0)\n')).not.toEqual([])
  })
})

describe('steps(w)', () => {
  test('counts where a variable has a gradient', async () => {
    const optimizer = new (await classOf('update = steps(w) + 1 + 0 * g\n'))({})
    const [always, seldom] = [make('a', [2]), make('b', [2])]
    const late = make('c', [2])
    for (let t = 0; t < 4; t++) {
      const gradients: [tf.Variable, number | null][] = [
        [always!, 1],
        [seldom!, t % 2 === 1 ? 1 : null],
      ]
      step(optimizer, t === 3 ? [...gradients, [late, 1]] : gradients)
    }
    // 1 + 2 + 3 + 4, 1 + 2, 1
    expect([always, seldom, late].map((w) => first(w!))).toEqual([-10, -3, -1])
  })

  test("makes Adam's first step of a variable that comes later as long as any other, as in PyTorch", async () => {
    const optimizer = new (await classOf(COUNTED))({ lr: 0.1 })
    const [a, b] = [make('a', [3]), make('b', [3])]
    for (let t = 0; t < 20; t++)
      step(optimizer, [
        [a, Math.sin(t)],
        [b, null],
      ])
    step(optimizer, [
      [a, 1],
      [b, 0.001],
    ])
    expect(first(b)).toBeCloseTo(-0.1, 6)
  })

  test('is `t` for the one parameter of the evaluator', () => {
    const run = (rule: string): Float64Array[] =>
      simulate(
        compileText('rule.opt', rule).programs[0]!,
        { shape: [2] },
        [1, 2],
        [
          [1, 2],
          [3, -1],
          [0.5, 0],
        ],
      )
    expect(run(COUNTED)).toEqual(run(COUNTED.replaceAll('steps(w)', 't')))
  })

  test('in what is evaluated it is what it was in the last step', async () => {
    const rule = 'update = lr * g\nevaluate = 0 * w + steps(w)\n'
    const optimizer = new (await classOf(rule))({}) as unknown as EvaluatingOptimizer
    const [a, b] = [make('a', [2]), make('b', [2])]
    for (let t = 0; t < 3; t++)
      step(optimizer, [
        [a, 1],
        [b, t === 2 ? 1 : null],
      ])
    const evaluated = optimizer.evaluationWeights().map(({ tensor }) => first(tensor))
    expect(evaluated).toEqual([2, 0])
  })

  test('goes on after saving and loading, also of weights saved without it', async () => {
    const Class = await classOf(COUNTED)
    const optimizer = new Class({})
    const [a, b] = [make('a', [2]), make('b', [2])]
    for (let t = 0; t < 5; t++)
      step(optimizer, [
        [a, 1 + t],
        [b, t > 2 ? 1 + t : null],
      ])
    const saved = (await optimizer.getWeights()).map(({ name, tensor }) => ({
      name,
      tensor: tensor.clone(),
    }))
    const counts = saved.filter(({ name }) => name.endsWith('/steps'))
    expect(counts.map(({ name, tensor }) => [name, first(tensor)])).toEqual([
      ['a/steps', 5],
      ['b/steps', 2],
    ])
    const start = [a, b].map((w) => w.clone())
    const go = (by: tf.Optimizer): number[] => {
      ;[a, b].forEach((w, index) => w.assign(start[index]!))
      step(by, [
        [a, -2],
        [b, 3],
      ])
      return [first(a), first(b)]
    }
    const restored = new Class({})
    await restored.setWeights(saved)
    const expected = go(optimizer)
    expect(go(restored)).toEqual(expected)
    // Weights of the rule as it was before it counted: every step was one of each variable.
    const old = new Class({})
    await old.setWeights(saved.filter(({ name }) => !name.endsWith('/steps')))
    const [sameA, otherB] = go(old)
    expect(sameA).toBe(expected[0])
    expect(otherB).not.toBe(expected[1])
    const after = (await old.getWeights()).filter(({ name }) => name.endsWith('/steps'))
    expect(after.map(({ tensor }) => first(tensor))).toEqual([6, 6])
  })

  test('leaves nothing behind', async () => {
    const before = tf.memory().numTensors
    const optimizer = new (await classOf(COUNTED))({})
    const a = make('a', [2])
    for (let t = 0; t < 3; t++) step(optimizer, [[a, 1]])
    const during = tf.memory().numTensors
    step(optimizer, [[a, 1]])
    expect(tf.memory().numTensors).toBe(during)
    optimizer.dispose()
    a.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  test('chooses no rule, since it changes, but picks values', () => {
    const found = checkText(
      'if steps(w) == 0 {\n  update = g\n} else {\n  update = lr * g\n}\n',
    ).found
    expect(found.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'if-on-values: an `if` chooses by shapes, constants and the step, and this is one number per parameter',
    ])
    expect(checkText('update = lr * where(steps(w) == 0, sign(g), g)\n').found).toEqual([])
  })

  test('leaves its name to values', () => {
    const text =
      'schedule warm(t, steps = 100) = min((t + 1) / steps, 1)\n\noptimizer A(lr = 0.1, steps in [1, inf) = 10) {\n  update = lr * warm(t, steps) * g / (steps(w) + 1)\n}\n'
    expect(checkText(text).found).toEqual([])
  })
})

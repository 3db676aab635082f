import { describe, expect, test } from 'vitest'
import { instantiate, simulate } from '../../src/plan/run/evaluate.ts'
import { evaluateFunction } from '../../src/ir/schedule.ts'
import { createRandom, rootKey } from '../../src/operators/random.ts'
import { optimizer, scheduleOf } from '../stdlib/library.ts'
import { expectNumbers, programOf, updatesOf } from '../ir/program.ts'

/** Adam as its paper has it, Algorithm 1 of https://arxiv.org/abs/1412.6980, in 64 bits. */
function adamByHand(start: readonly number[], gradients: readonly number[][]): number[] {
  const [lr, beta1, beta2, epsilon] = [0.01, 0.9, 0.999, 1e-8]
  return start.map((weight, element) => {
    let [m, v] = [0, 0]
    for (const [index, gradient] of gradients.entries()) {
      const g = gradient[element]!
      m = beta1 * m + (1 - beta1) * g
      v = beta2 * v + (1 - beta2) * g * g
      const mHat = m / (1 - beta1 ** (index + 1))
      const vHat = v / (1 - beta2 ** (index + 1))
      weight -= (lr * mHat) / (Math.sqrt(vHat) + epsilon)
    }
    return weight
  })
}

describe('Adam gives what its paper says', () => {
  const random = createRandom(rootKey(3))
  const draw = (): number[] => Array.from({ length: 4 }, () => Math.fround(random.normal() / 4))
  const start = draw()
  const gradients = Array.from({ length: 30 }, draw)
  const expected = adamByHand(start, gradients)

  test.each([
    [64, 1e-13],
    [32, 1e-7],
  ] as const)('in %i bits', (precision, tolerance) => {
    const options = { shape: [2, 2], precision, hyperparameters: { lr: 0.01 } }
    const last = simulate(optimizer('adam'), options, start, gradients).at(-1)!
    for (const [element, weight] of expected.entries())
      expect(Math.abs(last[element]! - weight)).toBeLessThan(tolerance)
  })
})

describe('hyperparameters', () => {
  const program = programOf('update = lr * g')

  test('have their defaults', () => {
    expectNumbers(updatesOf(program, [1]), [0.001])
  })

  test('may be numbers', () => {
    expectNumbers(updatesOf(program, [3], { hyperparameters: { lr: 2 } }), [6])
  })

  test('may be schedules of the step and the total number of steps', () => {
    const options = {
      hyperparameters: { lr: (t: number, total: number): number => t / total },
      totalSteps: 4,
    }
    expectNumbers(updatesOf(program, [1, 1, 2], options), [0, 0.25, 1])
  })
})

describe('dropout', () => {
  const program = programOf('update = lr * dropout(g, 0.5)')
  const run = (options: { seed?: number; parameterIndex?: number }): number[][] =>
    simulate(
      program,
      { shape: [64], hyperparameters: { lr: 1 }, ...options },
      Array<number>(64).fill(0),
      Array.from({ length: 2 }, () => Array<number>(64).fill(1)),
    ).map((weights) => Array.from(weights))

  test('repeats with its seed', () => {
    expect(run({ seed: 5 })).toEqual(run({ seed: 5 }))
  })

  test('differs with another seed, parameter and step', () => {
    const [first, second] = run({ seed: 5 })
    expect(run({ seed: 6 })[0]).not.toEqual(first)
    expect(run({ seed: 5, parameterIndex: 1 })[0]).not.toEqual(first)
    expect(second!.map((weight, index) => weight - first![index]!)).not.toEqual(first)
  })

  test('keeps about half of the elements, at twice their size', () => {
    const [first] = run({ seed: 5 })
    expect(new Set(first!.map(Math.abs))).toEqual(new Set([0, 2]))
    const kept = first!.filter((weight) => weight !== 0).length
    expect(kept).toBeGreaterThan(16)
    expect(kept).toBeLessThan(48)
  })

  test('draws anew in another place, and the same for the same draw', () => {
    const twice = programOf('update = lr * (dropout(g, 0.5) - dropout(g, 0.5))')
    expectNumbers(updatesOf(twice, [1, 1, 1, 1]), [0, 0, 0, 0])
    const different = programOf('update = lr * (dropout(g, 0.5) - dropout(2 * g, 0.5) / 2)')
    expect(updatesOf(different, Array<number>(20).fill(1)).some((value) => value !== 0)).toBe(true)
  })
})

describe('normal', () => {
  const ones = Array<number>(64).fill(1)
  const run = (
    text: string,
    options: { seed?: number; parameterIndex?: number } = {},
  ): number[][] =>
    simulate(
      programOf(text),
      { shape: [8, 8], precision: 64, ...options },
      Array<number>(64).fill(0),
      [ones, ones],
    ).map((weights) => Array.from(weights))
  const zeros = Array.from({ length: 2 }, () => Array<number>(64).fill(0))
  /** Whether two values are one draw on every step. */
  const areOne = (before: string, a: string, b: string): boolean => {
    const weights = run(`${before}\nupdate = (${a}) - (${b}) + 0 * g`)
    return weights.every((values) => values.every((value) => value === 0))
  }

  test('is one draw where a name stands for it, or an argument, and a new one wherever it is written', () => {
    expect(areOne('let n = normal()', 'n', 'n')).toBe(true)
    expect(areOne('let n = normal()\nlet m = n', '2 * m', 'n + n')).toBe(true)
    expect(areOne('fn f(x) = x + x', 'f(normal())', '0')).toBe(false)
    expect(areOne('fn f(x) = x - x', 'f(normal())', '0')).toBe(true)
    expect(areOne('', 'normal()', 'normal()')).toBe(false)
    expect(areOne('', 'mean(normal())', 'mean(normal())')).toBe(false)
    expect(areOne('', 'dropout(normal(), 0)', 'dropout(normal(), 0)')).toBe(false)
    expect(areOne('let n = normal()', 'dropout(n, 0.5)', 'dropout(n, 0.5)')).toBe(true)
  })

  test.each([
    ['without arguments', 'fn f() = normal()', 'f()'],
    ['with equal arguments', 'fn f(x) = x * normal()', 'f(g)'],
    ['through another function', 'fn f() = normal()\nfn h(x) = x * f()', 'h(2)'],
    [
      'that keeps a state',
      'fn f(x) {\n  state m = 0\n  m = m + x * normal()\n  return m\n}',
      'f(g)',
    ],
    ['whose argument makes a state', 'fn f(x) = ema(x * normal(), 0.5)', 'f(g)'],
  ])('is new in each call of a function %s', (_, declarations, call) => {
    expect(areOne(declarations, call, call)).toBe(false)
    expect(areOne(`${declarations}\nlet one = ${call}`, 'one', 'one')).toBe(true)
  })

  test('is written by the seed, the parameter and the step alone', () => {
    const noisy = 'update = normal() + 0 * g'
    const [first, second] = run(noisy)
    expect(run(noisy)).toEqual([first, second])
    expect(run(noisy, { seed: 6 })[0]).not.toEqual(first)
    expect(run(noisy, { parameterIndex: 1 })[0]).not.toEqual(first)
    expect(second!.map((weight, index) => weight - first![index]!)).not.toEqual(first)
    // What stands beside it changes nothing.
    expect(run('update = lr * g * 0 + normal()')).toEqual([first, second])
  })

  test('is merged or split by no law', () => {
    expect(run('let n = normal()\nupdate = n * n - square(n) + 0 * g')).toEqual(zeros)
    expect(run('let n = normal()\nupdate = max(n, n) - n + 0 * g')).toEqual(zeros)
    expect(areOne('', 'normal() * normal()', 'square(normal())')).toBe(false)
    expect(
      run('update = abs(max(normal(), normal()) - min(normal(), normal())) + 0 * g'),
    ).not.toEqual(zeros)
  })
})

describe('one optimizer for one parameter', () => {
  const program = programOf(
    'state a = w\nstate n = 2\na = 0.5 * a\nn = n + norm(g)\nupdate = n * a + g',
  )

  test('starts its states from the parameter', () => {
    expect(instantiate(program, { shape: [2] }).initialize([3, 4])).toEqual([
      new Float64Array([3, 4]),
      2,
    ])
  })

  test('is a pure function of what it is given', () => {
    const evaluation = instantiate(program, { shape: [2] })
    const states = evaluation.initialize([2, 4])
    const first = evaluation.update([3, 4], states, [2, 4], 0)
    expect(first.states).toEqual([new Float64Array([1, 2]), 7])
    expect(first.update).toEqual(new Float64Array([10, 18]))
    evaluation.update([1, 1], first.states, [0, 0], 1)
    expect(evaluation.update([3, 4], states, [2, 4], 0)).toEqual(first)
    expect(first.update).toEqual(new Float64Array([10, 18]))
  })

  test('rounds to 32 bits what tensors hold, and not what the host computes', () => {
    const host = programOf('state p = 0.1\np = p + 0.2\nupdate = p * g')
    const states = instantiate(host, { shape: [1] })
    const { update, states: after } = states.update([1], states.initialize([0]), [0], 0)
    expect(after).toEqual([0.1 + 0.2])
    expect(update).toEqual(new Float64Array([Math.fround(0.1 + 0.2)]))
  })
})

describe('numbers that are known before the gradient', () => {
  test.each([
    ['lr * sqrt(size(w))', 0.001 * Math.sqrt(3)],
    ['where(rank(w) < 2, lr / size(w), lr)', 0.001 / 3],
  ])('%s is worked out in 64 bits', (text, wanted) => {
    const program = programOf(`state kept = w\nkept = ${text} + 0 * t\nupdate = kept`)
    const { update, initialize } = instantiate(program, { shape: [3] })
    const { update: first } = update([], initialize([0, 0, 0]), [0, 0, 0], 0)
    expect([...first]).toEqual([1, 1, 1].map(() => Math.fround(wanted)))
  })

  test('are rounded where a state of a parameter keeps them', () => {
    const program = programOf('state n = 0.1\nn = where(t < 1, 0.1, n + norm(g))\nupdate = n * g')
    const { update, initialize } = instantiate(program, { shape: [1] })
    expect(initialize([0])).toEqual([Math.fround(0.1)])
    expect(update([1], initialize([0]), [0], 0).states).toEqual([Math.fround(0.1)])
  })
})

test('a schedule is evaluated with its arguments, its defaults and the functions it calls', () => {
  const warmup = scheduleOf('schedules', 'warmup_hold_cosine')
  const values = [0, 1, 2, 3, 4, 6, 8].map((t) => evaluateFunction(warmup, [2, 2], t, 8))
  // On step T the value of the last step, T - 1, is held.
  expectNumbers(values, [0, 0.5, 1, 1, 1, 0.5, (1 + Math.cos((3 / 4) * Math.PI)) / 2])
  const [momentum] = [scheduleOf('published', 'published_momentum')]
  expectNumbers(
    [0, 2, 4, 8].map((t) => evaluateFunction(momentum, [2, 2], t, 8)),
    [0.95, 0.85, 0.85, 0.95],
  )
})

import { describe, expect, test } from 'vitest'
import {
  createBehaviourIndex,
  type BehaviourMode,
  type Repeat,
} from '../../src/evolve/behaviour/behaviour-index.ts'
import { fingerprint } from '../../src/ir/fingerprint.ts'
import type { Program } from '../../src/ir/graph.ts'
import { mutate } from '../../src/mutate/mutate.ts'
import type { Module } from '../../src/syntax/ast.ts'
import { programOf } from '../ir/program.ts'
import {
  drawSomeRule,
  programOf as compiled,
  published,
  randomOf,
  tests,
} from '../mutate/published.ts'
import { optimizer } from '../stdlib/library.ts'
import { weightDifference } from './weight-difference.ts'

/** What an index says about the second of two rules. */
function compare(mode: BehaviourMode, first: string, second: string): Repeat | undefined {
  const index = createBehaviourIndex(mode)
  expect(index.add('first', programOf(first))).toBeUndefined()
  return index.add('second', programOf(second))
}

const sum = (text: string): string => `update = lr * (${text})`

describe('one function in other words is the same', () => {
  test.each([
    ['operands in another order', sum('min(g, w)'), sum('min(w, g)')],
    ['a law nobody wrote down', sum('exp(g) * exp(w)'), sum('exp(g + w)')],
    ['terms that cannot matter', sum('min(abs(g), 0) + tanh(g)'), sum('tanh(g)')],
    ['a state where none is needed', 'state a = 0\na = g + 0 * a\nupdate = lr * a', sum('g')],
    [
      'infinities and NaN',
      sum('log(abs(g) - 1)'),
      sum('0.5 * log((abs(g) - 1)^2) + log(sign(abs(g) - 1))'),
    ],
    ['a bound that nothing reaches', sum('clip(sign(g), 2)'), sum('sign(g)')],
    ['the same decay', sum('g * (a7(t) + a8(t))'), sum('g')],
    ['nothing at all', sum('0 * g'), sum('relu(-abs(g))')],
  ])('%s', (_, first, second) => {
    expect(compare('exact', first, second)).toEqual({ like: 'first', factor: 1 })
    expect(compare('scale', first, second)).toEqual({ like: 'first', factor: 1 })
  })
})

describe('near misses are kept apart', () => {
  test.each([
    ['a weight decay of 1e-6', sum('g'), sum('g + 1e-6 * w')],
    ['a bound for large gradients', sum('g'), sum('clip(g, 100)')],
    ['a bound for large tensors', sum('clip_by_norm(sign(g), 5)'), sum('sign(g)')],
    [
      'a bound on one element',
      sum('clip_by_norm(0.9 * sign(g), 1)'),
      sum('clip_by_norm(2 * sign(g), 1)'),
    ],
    ['weights in an exponent', sum('g'), sum('g * exp(1e-5 * w)')],
    ['a small lower bound', sum('g / sqrt(g^2)'), sum('g / sqrt(max(g^2, 1e-10))')],
    ['functions alike near 0', sum('tanh(g)'), sum('atan(g)')],
    ['functions alike far from 0', sum('min(erf(abs(g)), 0.99)'), sum('min(tanh(abs(g)), 0.99)')],
    ['gradients that are exactly 0', sum('sign(g)'), sum('safe_reciprocal(sign(g))')],
    ['what cancels in 64-bit arithmetic only', sum('(g + w) - w'), sum('g')],
    ['the last steps', sum('g'), sum('g * where(t > T - 2, 2, 1)')],
    ['the warm-up', sum('g * a1(t)'), sum('g * where(t < 1, 0.9, a1(t))')],
    ['slow averages', sum('max(g, ema(g, 0.999))'), sum('max(g, 0.1 * ema(g, 0.99))')],
    [
      'a staircase',
      sum('g'),
      'import { step_decay } from "std/schedules"\nupdate = lr * g * step_decay(t)',
    ],
    [
      'matrices',
      sum('g'),
      'if rank(w) >= 2 {\n  update = lr * g\n} else {\n  update = lr * g / 2\n}',
    ],
    [
      'outputs of a matrix',
      sum('g / max(norm(g, over = inputs), 1e-9)'),
      sum('g / max(norm(g, over = outputs), 1e-9)'),
    ],
    [
      'a bound for outputs that are smaller than the others',
      sum('g / where(rank(w) >= 2, max(norm(g, over = inputs), 0.01 * norm(g)), 1)'),
      sum('g / where(rank(w) >= 2, norm(g, over = inputs), 1)'),
    ],
    ['large learning rates', sum('g'), 'update = min(lr, 1) * g'],
  ])('%s', (_, first, second) => {
    expect(compare('exact', first, second)).toBeUndefined()
    expect(compare('scale', first, second)).toBeUndefined()
  })
})

describe('multiples', () => {
  test.each([
    ['twice', sum('tanh(g)'), sum('2 * tanh(g)'), 2],
    ['the other sign', sum('g - w'), sum('w - g'), -1],
    ['a hidden constant', sum('sign(g)'), sum('tanh(sign(g))'), Math.tanh(1)],
    ['a power of the hidden constant', sum('abs(g)'), sum('sqrt((1e-4 * g)^2)'), 1e-4],
    [
      'under momentum',
      'update = heavy_ball(lr * g, mu = 0.9)',
      'update = heavy_ball(-3 * lr * g, mu = 0.9)',
      -3,
    ],
  ])('%s', (_, first, second, factor) => {
    expect(compare('exact', first, second)).toBeUndefined()
    const found = compare('scale', first, second)
    expect(found?.like).toBe('first')
    expect(found?.factor).toBeCloseTo(factor, 9)
  })

  test('are none where the learning rate does not make up for them', () => {
    expect(compare('scale', 'update = tanh(lr * g)', 'update = 2 * tanh(lr * g)')).toBeUndefined()
    expect(compare('scale', 'update = 0.01 * g', 'update = 0.02 * g')).toBeUndefined()
    expect(compare('scale', 'update = tanh(lr * g)', 'update = -tanh(-lr * g)')?.factor).toBe(1)
  })

  test('are none where each size of tensor has its own factor', () => {
    expect(compare('scale', sum('sign(g)'), sum('clip_by_norm(2 * sign(g), 1)'))).toBeUndefined()
  })
})

describe('an index', () => {
  const rules = ['g', '2 * g', 'tanh(g)', 'g + 0 * w', '-tanh(g)', 'g * 2'].map((text) =>
    programOf(sum(text)),
  )
  const answers = (mode: BehaviourMode): (string | undefined)[] => {
    const index = createBehaviourIndex(mode)
    return rules.map((rule, number) => index.add(String(number), rule)?.like)
  }

  test('names the first rule of a group', () => {
    expect(answers('exact')).toEqual([undefined, undefined, undefined, '0', undefined, '1'])
    expect(answers('scale')).toEqual([undefined, '0', undefined, '0', '2', '0'])
  })

  test('finds without keeping', () => {
    const index = createBehaviourIndex('scale')
    expect(index.find(rules[0]!)).toBeUndefined()
    expect(index.find(rules[0]!)).toBeUndefined()
    index.add('kept', rules[1]!)
    expect(index.find(rules[0]!)).toEqual({ like: 'kept', factor: 0.5 })
  })

  test('tells rules with dropout by what they draw', () => {
    const index = createBehaviourIndex('scale')
    expect(index.add('first', programOf(sum('dropout(g, 0.5) + w')))).toBeUndefined()
    expect(index.add('swapped', programOf(sum('w + dropout(g, 0.5)')))).toEqual({
      like: 'first',
      factor: 1,
    })
    expect(index.add('rate', programOf(sum('dropout(g, 0.1) + w')))).toBeUndefined()
    expect(index.add('draws', programOf(sum('dropout(g, 0.5) + dropout(w, 0.5)')))).toBeUndefined()
  })

  test('keeps the library apart', () => {
    const names = [
      'sgd',
      'momentum',
      'nesterov',
      'adam',
      'adamw',
      'nadam',
      'radam',
      'amsgrad',
      'rmsprop',
      'lion',
      'signum',
    ]
    const index = createBehaviourIndex('exact')
    expect(names.filter((name) => index.add(name, optimizer(name)) !== undefined)).toEqual([])
    expect(index.find(programOf('update = lr * g'))?.like).toBe('sgd')
  })
})

test('mutants that behave alike give the same weights on other gradients', () => {
  const index = createBehaviourIndex('scale')
  const known = new Map<string, { readonly program: Program; readonly print: string }>()
  const worst: number[] = []
  for (let family = 0; family < 20; family++) {
    const random = randomOf('family', family)
    const modules: Module[] = [drawSomeRule(random)]
    for (let count = 0; count < 8; count++) {
      const mutant = mutate(published, random.pick(modules), random, tests)
      if ('module' in mutant) modules.push(mutant.module)
    }
    for (const [number, module] of modules.entries()) {
      const id = `${family} ${number}`
      const program = compiled(module)
      const print = fingerprint(program)
      const repeat = index.add(id, program)
      if (repeat === undefined) known.set(id, { program, print })
      // Random rules that draw, and those that are written alike, are alike by their fingerprint.
      if (repeat === undefined || known.get(repeat.like)?.print === print) continue
      const first = known.get(repeat.like)!.program
      for (const precision of [32, 64] as const) {
        for (let count = 0; count < 3; count++) {
          const other = randomOf('trial', family, number, precision, count)
          worst.push(
            weightDifference(first, program, repeat.factor, other, { precision, feedback: false }),
          )
        }
      }
    }
  }
  expect(worst.length).toBeGreaterThan(30)
  expect(Math.max(...worst)).toBeLessThan(1e-5)
})

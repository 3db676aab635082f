import { describe, expect, test } from 'vitest'
import { liveStates } from '../../src/ir/rewrite.ts'
import { specialize, specializeTo } from '../../src/plan/choice.ts'
import { analyze } from '../../src/ir/analysis/analyze.ts'
import { fingerprint } from '../../src/ir/fingerprint.ts'
import type { Program } from '../../src/ir/graph.ts'
import { compileText } from '../emit/compile-program.ts'
import { optimizer } from '../stdlib/library.ts'
import { expectNumbers, programOf, updatesOf } from './program.ts'

const stateNames = (text: string): string[] => programOf(text).states.map(({ name }) => name)

describe('states of functions', () => {
  test('are shared by equal calls', () => {
    const text = 'let a = ema(g, 0.9)\nlet b = ema(g, 0.9)\nupdate = lr * (a + 2 * b)'
    expect(stateNames(text)).toHaveLength(1)
    expectNumbers(updatesOf(programOf(text), [1], { hyperparameters: { lr: 1 } }), [0.3])
  })

  test('are shared however the arguments are written', () => {
    expect(stateNames('update = lr * (ema(g) + ema(g, beta = 0.9) + ema(x = g))')).toHaveLength(1)
  })

  test('are the own ones of different calls', () => {
    const text = 'update = lr * (ema(g, 0.9) + ema(g, 0.5) + ema(2 * g, 0.9))'
    expect(stateNames(text)).toHaveLength(3)
    const updates = updatesOf(programOf(text), [1], { hyperparameters: { lr: 1 } })
    expectNumbers(updates, [0.1 + 0.5 + 0.2])
  })

  test('are shared by calls inside equal calls', () => {
    const text = 'fn twice(x) = ema(x, 0.9) + ema(x, 0.9)\nupdate = lr * (twice(g) - ema(g, 0.9))'
    expect(stateNames(text)).toHaveLength(1)
  })

  test('a function that calls another of the same name keeps its parameters apart', () => {
    const { programs } = compileText(
      'rule.opt',
      'import { decay_cosine as other } from "std/prelude"\n' +
        'schedule f(t, scale in [1, 2]) = scale * f2(t, scale + 1)\n' +
        'schedule f2(t, scale in [0, 9]) = scale * other(t)\n' +
        'update = lr * f(t, 1.5) * g',
    )
    expectNumbers(updatesOf(programs[0]!, [1], { totalSteps: 4, hyperparameters: { lr: 1 } }), [
      1.5 * 2.5,
    ])
  })
})

describe('names', () => {
  test('of lets and of assigned states go to their values', () => {
    const program = optimizer('adam')
    const names = [...program.names.values()]
    expect(names).toEqual(expect.arrayContaining(['m', 'v', 'm_hat', 'v_hat']))
    expect(program.states.map(({ name }) => name)).toEqual(['m', 'v'])
  })

  test('a state of a function is called what the program calls its value', () => {
    expect(stateNames('let m = ema(g, 0.9)\nupdate = lr * m')).toEqual(['m'])
  })

  test('otherwise after the function, told apart by numbers', () => {
    const names = stateNames('update = lr * (ema(g, 0.9) + previous(g) + previous(w))')
    expect(names).toHaveLength(3)
    expect(new Set(names).size).toBe(3)
    expect(names.some((name) => /_2$/.test(name))).toBe(true)
  })

  test('the own state of a program keeps its name beside one of a function', () => {
    const names = stateNames('state m = 0\nm = m + g\nlet y = ema(m, 0.5)\nupdate = lr * y')
    expect(names).toEqual(['m', 'y'])
  })
})

describe('parameters that stand for builtins', () => {
  const update = (call: string): string => fingerprint(programOf(`update = lr * ${call} * g`))

  test('are t when no argument is given', () => {
    expect(fingerprint(programOf('fn late(t) = decay_cosine(t)\nupdate = lr * late() * g'))).toBe(
      update('decay_cosine(t)'),
    )
  })

  test('are what is given otherwise', () => {
    expect(update('decay_cosine(t / 2)')).not.toBe(update('decay_cosine(t)'))
    const program = programOf('update = lr * ramp_linear(t / 2) * g')
    const options = { totalSteps: 4, hyperparameters: { lr: 1 } }
    expectNumbers(updatesOf(program, [1, 1, 1], options), [0, 1 / 8, 2 / 8])
  })

  test('may be g and w', () => {
    const program = programOf('fn both(g, w) = g + 2 * w\nupdate = lr * (both() + both(w, g))')
    expect(fingerprint(program)).toBe(
      fingerprint(programOf('update = lr * ((g + 2 * w) + (w + 2 * g))')),
    )
  })
})

describe('the total number of steps is needed', () => {
  test.each([
    ['T', 'update = lr * g * t / T', true],
    ['a decay', 'update = lr * g * decay_cosine(t)', true],
    ['a decay of a decay', 'decay mine(t) = a3(t)\nupdate = lr * g * mine(t)', true],
    ['a state', 'state m = 0\nm = m + g / T\nupdate = lr * m', true],
    ['nothing', 'update = lr * g / (t + 1)', false],
  ])('by %s: %s', (_, text, expected) => {
    expect(programOf(text).usesTotalSteps).toBe(expected)
  })
})

/** What there is one number for of each state. */
function extentsOf(program: Program): string[] {
  const { stateOf } = analyze(program)
  return program.states.map((_, index) => stateOf(index).extent)
}

describe('states are kept', () => {
  test.each([
    ['once for the run', 'state p = 1\np = p * 0.9\nupdate = lr * p * g', 'run'],
    ['once, on the step', 'state p = 0\np = p + t\nupdate = lr * p * g', 'run'],
    [
      'once per parameter',
      'state n = 0\nn = max(n, norm(g))\nupdate = lr * g / (1 + n)',
      'parameter',
    ],
    ['once per element', 'state m = 0\nm = 0.9 * m + g\nupdate = lr * m', 'element'],
    ['per element from the start', 'state m = w\nm = 0.9 * m\nupdate = lr * (g - m)', 'element'],
  ])('%s: %s', (_, text, extent) => {
    expect(extentsOf(programOf(text))).toEqual([extent])
  })

  test('as another state makes them', () => {
    const text =
      'state a = 0\nstate b = 0\nlet old = a\na = a + norm(g)\nb = b + old\nupdate = lr * g * b'
    expect(extentsOf(programOf(text))).toEqual(['parameter', 'parameter'])
  })

  test('NAdam has its running product once', () => {
    const program = optimizer('nadam')
    const extents = extentsOf(program)
    expect(program.states.map(({ name }, index) => [name, extents[index]])).toContainEqual([
      'product',
      'run',
    ])
    expect(extents.filter((extent) => extent === 'element')).toHaveLength(2)
  })
})

describe('conditions on shapes', () => {
  const text =
    'state m = 0\nif rank(w) >= 2 {\n  m = 0.5 * m + g\n  update = lr * m\n} else {\n  update = lr * sign(g)\n}'

  test('pick a rule per parameter', () => {
    const run = (shape: readonly number[]): number[] =>
      updatesOf(programOf(text), [2, 2], { shape, hyperparameters: { lr: 1 } })
    expectNumbers(run([1, 1]), [2, 3])
    expectNumbers(run([1]), [1, 1])
  })

  test('leave only the states of the taken side', () => {
    expect(liveStates(specializeTo(programOf(text), [2, 2]))).toEqual([0])
    expect(liveStates(specializeTo(programOf(text), [2]))).toEqual([])
  })

  test('make one branch each', () => {
    const nested =
      'if rank(w) >= 2 {\n if size(w) > 9 { update = lr * g } else { update = lr * w * g }\n} else { update = g }'
    const rule = specialize(programOf(nested))
    if (rule.kind !== 'branch') throw new Error('no branch')
    expect([rule.then.kind, rule.otherwise.kind]).toEqual(['branch', 'leaf'])
  })

  test('a program without them is one leaf', () => {
    expect(specialize(programOf('update = lr * where(g > 0, g, w)')).kind).toBe('leaf')
  })
})

test('a schedule may call another of the same name with a parameter of the same name', () => {
  const files = {
    'other.opt': 'schedule warm(t, level in [0, 1]) = level * (t + 1)\n',
  }
  const program = programOf(
    'import { warm as inner } from "./other.opt"\n' +
      'schedule warm(t, level in [2, 3]) = level + inner(t, level - 2)\n' +
      'optimizer Rule(lr = 1) {\n  update = lr * warm(t, 2.5) * g\n}\n',
    files,
  )
  expectNumbers(updatesOf(program, [1, 1]), [3, 3.5])
})

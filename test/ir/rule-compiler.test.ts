import { describe, expect, test } from 'vitest'
import { compileModule } from '../../src/compile.ts'
import { createRuleCompiler } from '../../src/ir/rule-compiler.ts'
import { adopt } from '../../src/mutate/adopt.ts'
import { ruleModule } from '../../src/mutate/sample.ts'
import type { Module } from '../../src/syntax/ast.ts'
import { parse } from '../../src/syntax/parse.ts'
import { drawSomeRule, published, randomOf } from '../mutate/published.ts'
import { loader } from '../stdlib/library.ts'
import { describeGraph } from './describe-graph.ts'

const compileQuickly = createRuleCompiler(ruleModule(published, [], published.rate), loader)

function moduleOf(
  body: string,
  parameters = 'lr in (0, inf) = 0.01, warmup in [0, inf) = 0, hold in [0, inf) = 0',
): Module {
  const text = `optimizer Candidate(${parameters}) {\n${body}\n}\n`
  const module = adopt(published, parse({ path: 'candidate.opt', text }).value)
  return module
}

function described(module: Module): string {
  const program = compileModule(module, loader).value?.programs[0]
  if (program === undefined) throw new Error('the rule does not check')
  return describeGraph({
    update: program.update,
    states: program.states.map((state, index) => ({ ...state, index })),
  })
}

describe('the graph is that of the whole pipeline', () => {
  test.each([
    ['names keep laws from looking through', 'let a = 0.5 * g\nupdate = lr * a'],
    ['without names they do', 'update = lr * (0.5 * g)'],
    ['names of what nothing uses count', 'let a = 0.5 * g\nupdate = lr * (0.5 * g)'],
    [
      'names of what nothing uses count in averages',
      'let a = corrected_ema(0.5 * g, 0.9)\nlet b = 0.5 * g\nupdate = lr * (0.5 * g)',
    ],
    ['a name for the negation', 'let a = -g\nupdate = lr * (w - a)'],
    ['no name for it', 'update = lr * (w - -g)'],
    ['two names', 'let a = -g\nlet b = -a\nupdate = lr * abs(b)'],
    [
      'draws that nothing uses come first',
      'let a = dropout(w, 0.5)\nupdate = lr * dropout(g, 0.5)',
    ],
    ['equal draws', 'let a = dropout(g, 0.5)\nlet b = dropout(g, 0.5)\nupdate = lr * (a - b)'],
    ['averages of numbers', 'update = lr * g * corrected_ema(2, 0.95)'],
    ['averages of steps', 'update = lr * g * ema(t, 0.9)'],
    ['sizes of what is never negative', 'update = lr * g * abs(running_max(g))'],
    ['sizes of averages', 'update = lr * g * abs(corrected_ema(running_max(w), 0.9) - 1e-3)'],
    ['averages of averages', 'update = lr * sqrt_abs(ema(ema(g^2, 0.9), 0.9))'],
    ['changes of averages', 'update = lr * abs(delta_change(ema(abs(g), 0.9)))'],
    ['constants', 'update = lr * g * max(pi, 2) * (3 - 1)'],
    [
      'the outer forms',
      'let u = tanh(g)\nupdate = nesterov_search(published_lr(t, lr, warmup, hold) * u, mu = published_momentum(t, warmup, hold))',
    ],
  ])('where %s', (_, body) => {
    const module = moduleOf(body)
    const quick = compileQuickly(module)
    expect(quick).toBeDefined()
    expect(describeGraph(quick!)).toBe(described(module))
  })

  test('after more rules than are kept', () => {
    const random = randomOf('many')
    for (let number = 0; number < 1200; number++) {
      const module = drawSomeRule(random)
      const quick = compileQuickly(module)
      if (number % 100 === 0) expect(describeGraph(quick!)).toBe(described(module))
    }
  })
})

test('rules that do not check are not compiled', () => {
  const wrong = [
    'update = lr * missing',
    'let a = b\nlet b = g\nupdate = lr * a',
    'let a = g\nlet a = w\nupdate = lr * a',
    'let tanh = g\nupdate = lr * tanh(g)',
    'let a = missing(g)\nupdate = lr * g',
    'let a = ema(g, 2)\nupdate = lr * g',
    'let a = later\nlet later = g\nupdate = lr * g',
    'update = lr * ema(g, 1.5)',
    'update = lr * a1(g)',
    'update = lr * dropout(g, g)',
    'update = lr * tanh(g, g)',
    'update = lr * clip_by_norm(g, -1)',
    'let a = 0 - 1\nupdate = lr * clip_by_norm(g, a)',
    'update = lr * (g > 1)',
    'let g = w\nupdate = lr * g',
    'let lr = w\nupdate = lr * g',
    'let a = update\nupdate = lr * g',
  ]
  const checks = (body: string): boolean =>
    compileModule(moduleOf(body), loader).value !== undefined
  expect(wrong.filter(checks)).toEqual([])
  expect(wrong.filter((body) => compileQuickly(moduleOf(body)) !== undefined)).toEqual([])
})

test('rules of another make are left to the whole pipeline', () => {
  const others = [
    moduleOf('state a = 0\na = g\nupdate = lr * a'),
    moduleOf('if rank(w) > 1 {\nupdate = lr * g\n} else {\nupdate = lr * w\n}'),
    moduleOf('update = lr * g', 'lr in (0, inf) = 0.01'),
    moduleOf('update = lr * where(g > 1, g, 1)'),
    moduleOf('update = lr * g * rank(w)'),
    moduleOf(`update = lr * (${Array.from({ length: 300 }, () => 'g').join(' + ')})`),
  ]
  expect(
    others.map((module) => [
      compileModule(module, loader).value !== undefined,
      compileQuickly(module) !== undefined,
    ]),
  ).toEqual(others.map(() => [true, false]))
})

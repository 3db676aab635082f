import { describe, expect, test } from 'vitest'
import { applyEdits } from '../../../src/language/editor/edits.ts'
import { isSound } from '../../../src/language/refactor/refactoring.ts'
import { refactoringsAt } from '../../../src/language/refactor/table.ts'
import { libraryLoader } from '../../../src/library/sources.ts'
import { analysisOf, selected } from '../editor/programs.ts'
import { tryRefactorings } from './random.ts'

/** The text after the refactoring with a title that begins so, of what is between « and »; undefined where it is not offered. */
function refactored(written: string, title: string): string | undefined {
  const { text, span } = selected(written)
  const analysis = analysisOf(text, 'my-rule.opt')
  const found = refactoringsAt(analysis, span).find((each) => each.title.startsWith(title))
  if (found === undefined || !isSound(analysis, found, libraryLoader)) return undefined
  return applyEdits(text, found.edits)
}

describe('constants', () => {
  test('get a name, called after the parameter they are for', () => {
    expect(refactored('// A rule.\n\nupdate = lr * ema(g, «»0.9)\n', 'name the constant')).toBe(
      '// A rule.\n\nlet beta = 0.9\nupdate = lr * ema(g, beta)\n',
    )
    expect(
      refactored(
        'optimizer A(lr = 1) {\r\n  /// Half.\r\n  let a = «0.5» * g\r\n  update = lr * a\r\n}\r\n',
        'name',
      ),
    ).toBe(
      'optimizer A(lr = 1) {\r\n  let constant = 0.5\r\n  /// Half.\r\n  let a = constant * g\r\n  update = lr * a\r\n}\r\n',
    )
    expect(refactored('fn f(x) = 2«» * x // twice\n\nupdate = lr * f(g)\n', 'name')).toBe(
      'fn f(x) {\n  let constant = 2\n  return constant * x\n} // twice\n\nupdate = lr * f(g)\n',
    )
  })

  test('become hyperparameters with the interval they are for', () => {
    expect(
      refactored(
        'optimizer A(\n  lr in (0, inf) = 0.1, // rate\n) {\n  update = lr * ema(g, «0.9»)\n}\n',
        'make 0.9 a hyperparameter',
      ),
    ).toBe(
      'optimizer A(\n  lr in (0, inf) = 0.1,\n  beta in [0, 1] = 0.9, // rate\n) {\n  update = lr * ema(g, beta)\n}\n',
    )
    expect(refactored('let a = g\nupdate = lr * «3» * a // end\n', 'make 3 a hyper')).toBe(
      'optimizer MyRule(lr in (0, inf) = 0.001, constant = 3) {\n  let a = g\n  update = lr * constant * a // end\n}\n',
    )
    expect(refactored('optimizer A() {\n  update = «3» * g\n}\n', 'make 3 a hyper')).toBe(
      'optimizer A(constant = 3) {\n  update = constant * g\n}\n',
    )
  })

  test('become parameters of functions and schedules', () => {
    expect(refactored('fn f(x) = «2» * x\n\nupdate = lr * f(g)\n', 'make 2 a parameter')).toBe(
      'fn f(x, constant = 2) = constant * x\n\nupdate = lr * f(g)\n',
    )
    expect(refactored('let a = g\nupdate = lr * «3» * a\n', 'make 3 a schedule')).toBe(
      'schedule constant_schedule(t) = 3\n\nlet a = g\nupdate = lr * constant_schedule(t) * a\n',
    )
  })

  test('stay where nothing else may stand', () => {
    expect(refactored('state m = «0»\nm = g + m\nupdate = lr * m\n', 'make 0 a sch')).toBe(
      undefined,
    )
    expect(refactored('optimizer A(lr = «0.1») {\n  update = lr * g\n}\n', 'make')).toBe(undefined)
    expect(refactored('update = lr * «2» * nothing\n', 'name')).toBe(undefined)
  })
})

describe('extracting', () => {
  const rule = (inside: string): string =>
    `optimizer A(lr in (0, 1] = 0.1, beta in [0, 1) = 0.9) {\n  state m = 0\n  m = beta * m + g\n  ${inside}\n}\n`

  test('makes a function of what is selected', () => {
    expect(refactored(rule('update = lr * «(m / (norm(m) + beta))»'), 'extract a function')).toBe(
      `fn extracted(m, beta) = m / (norm(m) + beta)\n\n${rule('update = lr * extracted(m, beta)')}`,
    )
    expect(refactored(rule('update = lr * «(m + g)»'), 'extract a function')).toBe(
      `fn extracted(m) = m + g\n\n${rule('update = lr * extracted(m)')}`,
    )
  })

  test('makes a decay of what stays in [0, 1], a schedule of what is one number per step', () => {
    expect(refactored(rule('update = «lr * decay_cosine(t)» * m'), 'extract a decay')).toBe(
      `decay fading(t, lr in (0, 1]) = lr * decay_cosine(t)\n\n${rule('update = fading(t, lr) * m')}`,
    )
    const growing = rule('update = «(1 + lr) * (t + 1)» * m')
    expect(refactored(growing, 'extract a decay')).toBe(undefined)
    expect(refactored(growing, 'extract a schedule')).toBe(
      `schedule scheduled(t, lr) = (1 + lr) * (t + 1)\n\n${rule('update = scheduled(t, lr) * m')}`,
    )
  })

  test('takes no part of an expression that is none by itself', () => {
    expect(refactored(rule('update = lr «* m + g»'), 'extract')).toBe(undefined)
    expect(refactored(rule('update = lr * «(m) * (g)»'), 'extract')).toBe(undefined)
  })
})

describe('inlining', () => {
  test('puts a value in the places of its name, in parentheses where they are needed', () => {
    const text =
      'let c = 1\n/// Why.\nlet a«» = g + w\nlet b = 1 - a\nupdate = c * lr * (sign(a) + b)\n'
    expect(refactored(text, 'inline `a` in its 2 places')).toBe(
      'let c = 1\nlet b = 1 - (g + w)\nupdate = c * lr * (sign(g + w) + b)\n',
    )
    expect(refactored('let a = g + w\nlet b = a«» + 1\nupdate = lr * b\n', 'inline `a`')).toBe(
      'let b = g + w + 1\nupdate = lr * b\n',
    )
  })

  test('does not where a state has changed between', () => {
    const text = 'state m = 0\nlet before«» = m\nm = m + g\nupdate = lr * (m - before)\n'
    expect(refactored(text, 'inline')).toBe(undefined)
  })

  test('puts what a function is in the place of its call', () => {
    expect(
      refactored('fn f(x, y = 2) = x * y\n\nupdate = lr * f«»(g + w)^2\n', 'inline this call'),
    ).toBe('fn f(x, y = 2) = x * y\n\nupdate = lr * ((g + w) * 2)^2\n')
    expect(refactored('update = lr * g * decay_linear«»(t)\n', 'inline this call')).toBe(
      'update = lr * g * (1 - t / T)\n',
    )
    expect(refactored('update = lr * e«»ma(g, 0.9)\n', 'inline this call')).toBe(undefined)
  })
})

describe('simplifying', () => {
  test.each([
    ['update = lr * («g * 1»)', 'x * 1 = x', 'update = lr * (g)'],
    ['update = lr * -(-«»g)', '-(-x) = x', 'update = lr * g'],
    ['update = «lr * g» ^ 2', '', undefined],
    ['update = lr * «(g + w) ^ 2»', 'x ^ 2 = square(x)', 'update = lr * square(g + w)'],
    ['update = lr * a«bs»(square(g))', 'abs(x) = x', 'update = lr * square(g)'],
    ['update = lr * a«bs»(g)', '', undefined],
    ['update = lr * sq«rt»(abs(-g))', 'abs(-x) = abs(x)', undefined],
    ['update = lr * sqrt(«abs(-g)»)', 'abs(-x) = abs(x)', 'update = lr * sqrt(abs(g))'],
  ])('%s by %s', (text, law, expected) => {
    expect(refactored(`${text}\n`, `simplify by the law \`${law}`)).toBe(
      expected === undefined ? undefined : `${expected}\n`,
    )
  })

  test('looks into functions and schedules', () => {
    expect(
      refactored('fn f(x) = «x / 1»\n\nupdate = lr * f(g)\n', 'simplify by the law `x / 1 = x`'),
    ).toBe('fn f(x) = x\n\nupdate = lr * f(g)\n')
    expect(refactored('schedule s(t) = -(-«»t)\n\nupdate = lr * s(t) * g\n', 'simplify')).toBe(
      'schedule s(t) = t\n\nupdate = lr * s(t) * g\n',
    )
  })
})

test('refactorings of the library change no step', () => {
  const { sound, all, apart } = tryRefactorings(60)
  expect(apart).toEqual([])
  expect(sound).toBeGreaterThan(0.7 * all)
})

import { describe, expect, test } from 'vitest'
import { definitionAt } from '../../../src/language/editor/definition.ts'
import { applyEdits, editBetween, moved } from '../../../src/language/editor/edits.ts'
import { fixAll, fixesAt } from '../../../src/language/editor/fixes.ts'
import { foldsOf } from '../../../src/language/editor/folding.ts'
import { hoverAt } from '../../../src/language/editor/hover.ts'
import { inlayHintsOf } from '../../../src/language/editor/inlay-hints.ts'
import { highlightsAt } from '../../../src/language/editor/references.ts'
import { semanticTokensOf } from '../../../src/language/editor/semantic-tokens.ts'
import { signatureAt } from '../../../src/language/editor/signature.ts'
import { symbolsOf } from '../../../src/language/editor/symbols.ts'
import { libraryLoader } from '../../../src/library/sources.ts'
import { analysisOf, marked } from './programs.ts'
import { faultsOfAnswers } from './answers.ts'

const RULE = `/// A rule.
optimizer Rule(
  /// How fast.
  lr in (0, inf) = 0.1,
  beta in [0, 1) = 0.9,
) {
  state m = 0
  m = beta * m + (1 - beta) * g
  let step = m / (norm(m) + 1)
  update = lr * step
}
`

function hover(written: string): string | undefined {
  const { text, offset } = marked(written)
  return hoverAt(analysisOf(text), offset)?.markdown
}

describe('hover', () => {
  test.each([
    [
      'a hyperparameter',
      RULE.replace('lr * step', 'l|r * step'),
      [
        'lr in (0, inf) = 0.1',
        'Known: `build`',
        'Extent: `run`',
        'Interval: `(0, inf)`',
        'How fast.',
      ],
    ],
    [
      'a state',
      RULE.replace('m / (', '|m / ('),
      ['state m = 0', 'Known: `gradient`', 'Extent: `element`'],
    ],
    [
      'a let where it is declared',
      RULE.replace('let step', 'let st|ep'),
      ['let step = m / (norm(m) + 1)', 'Extent: `element`'],
    ],
    [
      'an operator that is called',
      RULE.replace('norm(m)', 'no|rm(m)'),
      ['norm(x)', 'Extent: `parameter`', 'Interval: `[0, inf'],
    ],
    [
      'an operator between others',
      RULE.replace('m / (norm', 'm |/ (norm'),
      ['m / (norm(m) + 1)', 'Extent: `element`', '$'],
    ],
    [
      'an optimizer',
      RULE.replace('optimizer Rule', 'optimizer Ru|le'),
      ['A rule.', 'm = ', 'w = w - lr'],
    ],
    [
      'a function of the library',
      'update = lr * em|a(g, 0.9)\n',
      ['fn ema(x, beta in [0, 1] = 0.9)', 'moving average', 'In `std/prelude`'],
    ],
    ['the gradient', 'update = lr * |g\n', ['the gradient', 'Extent: `element`']],
    [
      'a word of the language',
      'le|t a = g\nupdate = lr * a\n',
      ['names a value for the statements below'],
    ],
    ['the result', 'upda|te = lr * g\n', ['what is subtracted from the parameter']],
    ['a condition', 'update = lr * where(g |> 0, g, w)\n', ['A condition.']],
    ['a number', 'update = lr * 0|.5 * g\n', ['Known: `constant`', 'Interval: `[0.5, 0.5]`']],
  ])('of %s', (_, written, parts) => {
    const found = hover(written)
    for (const part of parts) expect(found).toContain(part)
  })

  test('of nothing is nothing', () => {
    expect(hover('|\n\nupdate = lr * g\n')).toBe(undefined)
    expect(hover('// he|re\nupdate = lr * g\n')).toBe(undefined)
  })
})

test('definitions of what is declared nowhere are none', () => {
  const at = (written: string) => {
    const { text, offset } = marked(written)
    return definitionAt(analysisOf(text), offset, libraryLoader)?.target
  }
  expect(at('update = |lr * g\n')).toBe(undefined)
  expect(at('update = lr * |g\n')).toBe(undefined)
  expect(at('update = lr * sq|rt(g)\n')).toBe(undefined)
  expect(at('import { trust_ratio } from "std/tr|ust"\n')).toEqual({
    path: 'std/trust',
    span: { start: 0, end: 0 },
  })
  expect(at('let |a = g\nupdate = lr * a\n')).toEqual({
    path: 'main.opt',
    span: { start: 4, end: 5 },
  })
})

test('highlights tell writing from reading, and shadows apart', () => {
  const { text, offset } = marked('fn f(x) = x\nfn h(|x) = x * f(x = x)\nupdate = lr * h(x = g)\n')
  expect(
    highlightsAt(analysisOf(text), offset).map(({ span, role }) => [span.start, role]),
  ).toEqual([
    [17, 'declaration'],
    [22, 'read'],
    [32, 'read'],
    [51, 'read'],
  ])
})

describe('signatures', () => {
  const signature = (written: string) => {
    const { text, offset } = marked(written)
    const found = signatureAt(analysisOf(text), offset)
    return found && [found.signatures[found.active]!.label, found.parameter]
  }
  test.each([
    ['update = lr * ema(|', 'ema(x, beta in [0, 1] = 0.9)', 0],
    ['update = lr * ema(g, |)', 'ema(x, beta in [0, 1] = 0.9)', 1],
    ['update = lr * ema(max(g, w), |', 'ema(x, beta in [0, 1] = 0.9)', 1],
    ['update = lr * ema(beta = |', 'ema(x, beta in [0, 1] = 0.9)', 1],
    ['update = lr * clip(g, 1, |', 'clip(x, low, high)', 2],
    ['update = lr * ema(g, max(|', 'max(a, b)', 0],
    ['let a = ema(\nlet b = max(|', 'max(a, b)', 0],
  ])('%j', (written, label, parameter) => {
    expect(signature(written)).toEqual([label, parameter])
  })
  test.each(['update = lr * (|', 'fn f(|', 'let a = ema(g\nlet b = |', 'update = lr * ema(g, 1)|'])(
    '%j has none',
    (written) => {
      expect(signature(written)).toBe(undefined)
    },
  )
})

test('types of what is named, in the part that is seen', () => {
  const analysis = analysisOf(RULE)
  const labels = (start: number, end: number) =>
    inlayHintsOf(analysis, { start, end }).map(({ label }) => label)
  expect(labels(0, RULE.length)).toEqual([
    ': gradient, element',
    ': gradient, element',
    ': gradient, element',
  ])
  expect(labels(0, RULE.indexOf('m = beta'))).toEqual([])
})

test('symbols, folds and tokens of a rule', () => {
  const analysis = analysisOf(RULE)
  expect(symbolsOf(analysis)).toMatchObject([
    { name: 'Rule', kind: 'optimizer', children: [{}, {}, { name: 'm', kind: 'state' }, {}] },
  ])
  expect(foldsOf(analysis)).toEqual([
    { first: 1, last: 4, kind: 'region' },
    { first: 5, last: 9, kind: 'region' },
  ])
  const tokens = semanticTokensOf(analysis).map(
    ({ span, type, modifiers }) =>
      `${RULE.slice(span.start, span.end)} ${[type, ...modifiers].join(' ')}`,
  )
  for (const token of [
    '/// A rule. comment',
    'optimizer keyword',
    'Rule class declaration',
    'lr parameter declaration readonly',
    '0.9 number',
    'm property modification',
    'norm function defaultLibrary',
    'update keyword modification',
    '+ operator',
  ])
    expect(tokens).toContain(token)
})

describe('fixes', () => {
  test('of what is touched', () => {
    const analysis = analysisOf('let rate = 2\nupdate = lr * rat * g ** 2\n')
    const at = (start: number) => fixesAt(analysis, { start, end: start }).map(({ title }) => title)
    expect(at(29)).toEqual(['replace it with `rate`'])
    expect(at(3)).toEqual([])
  })

  test('all of them, until none is left', () => {
    const fixed = (text: string): string => {
      const edit = fixAll(analysisOf(text), libraryLoader)
      return edit === undefined ? text : applyEdits(text, [edit])
    }
    expect(fixed('let rate = 2\nupdate = lr * rat * gradient ** 2\n')).toBe(
      'let rate = 2\nupdate = lr * rate * g ^ 2\n',
    )
    expect(fixed('import { trust_ratio } from "std/trust"\nupdate = lr * g\n')).not.toContain(
      'trust_ratio',
    )
    expect(
      fixed('update = lr * trust_ratio(norm(w), norm(g)) * warmup_linear(t, 10) * g\n'),
    ).toMatch(/^import \{ .* \} from "std\/(trust|schedules)"/)
    expect(fixed('update = lr * g\n')).toBe('update = lr * g\n')
  })
})

describe('edits', () => {
  test('between texts are short and whole', () => {
    const pairs = [
      ['', 'a'],
      ['abc', 'abc'],
      ['aa', 'a'],
      ['a\r\nb', 'a\nb'],
      ['a\nb', 'a\r\nb'],
      ['x\r\ny\r\n', 'x\r\nz\r\ny\r\n'],
    ] as const
    for (const [before, after] of pairs) {
      const edit = editBetween(before, after)
      expect(edit === undefined ? before : applyEdits(before, [edit])).toBe(after)
    }
    expect(editBetween('let a = 1', 'let b = 1')).toEqual({ span: { start: 4, end: 5 }, text: 'b' })
  })
  test('move what stands behind them', () => {
    const edits = [{ span: { start: 2, end: 3 }, text: 'long' }]
    expect([0, 2, 3, 9].map((offset) => moved(edits, offset))).toEqual([0, 2, 6, 12])
  })
})

test('every question has an answer on any text, at any place', () => {
  expect(faultsOfAnswers(30)).toEqual([])
})

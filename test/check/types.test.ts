import { describe, expect, it } from 'vitest'
import { contains, showInterval } from '../../src/operators/interval.ts'
import { showPlacement, typeAt } from '../../src/check/type-at.ts'
import { checkText } from './check-text.ts'

/** The type of the last expression `part` in the text. */
function typeOf(text: string, part: string): string {
  const { checked, diagnostics } = checkText(text)
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const start = text.lastIndexOf(part)
  for (const [expression, type] of checked.types) {
    const { span } = expression
    if (span.start === start && span.end === start + part.length)
      return `${showPlacement(type)} in ${showInterval(type.interval)}`
  }
  return 'not found'
}

const program = (expression: string): string =>
  `optimizer Typed(lr in (0, inf) = 0.001, beta in [0, 1) = 0.9) {\n  state m = 0\n  m = beta * m + (1 - beta) * g^2\n  update = lr * g + (${expression})\n}\n`

describe('types', () => {
  it.each([
    ['0.9', 'constant, run in [0.9, 0.9]'],
    ['lr', 'build, run in (0, inf)'],
    ['1 - beta', 'build, run in (0, 1)'],
    ['decay_cosine(t)', 'step, run in [0, 1]'],
    ['t / T', 'step, run in [0, 1)'],
    ['(t + 1) / T', 'step, run in (0, 1]'],
    ['pi * t / T', 'step, run in [0, 3.14159)'],
    ['T - t', 'step, run in [1, inf)'],
    ['1 - beta^(t + 1)', 'step, run in (0, 1)'],
    ['max(t, T) / T', 'step, run in [1, 1]'],
    ['sign(g)', 'gradient, element in [-1, 1]'],
    ['sign(g) * sign(g)', 'gradient, element in [0, 1]'],
    ['0.3 * tanh(g) + 0.7 * sign(w)', 'gradient, element in [-1, 1]'],
  ])('%s is %s', (expression, type) => {
    expect(typeOf(program(expression), expression)).toBe(type)
  })

  it.each([
    ['norm(g)', 'gradient, parameter'],
    ['rank(w)', 'build, parameter'],
    ['lr * sqrt(size(w))', 'build, parameter'],
    ['t * size(w)', 'step, parameter'],
    ['g / (sqrt(m) + 1)', 'gradient, element'],
  ])('%s has its placement', (expression, placement) => {
    expect(typeOf(program(expression), expression).split(' in ')[0]).toBe(placement)
  })

  it('shows a comparison of tensors as a mask', () => {
    expect(typeOf(program('where(g * m > 0, 1, 2)'), 'g * m > 0')).toMatch(
      /^mask, gradient, element/,
    )
    expect(typeOf(program('where(t < 100, 1, 2)'), 't < 100')).toMatch(/^mask, step, run/)
  })

  it('keeps an average of squares from being negative', () => {
    const { checked } = checkText(program('m'))
    const [type] = [...checked.types].flatMap(([expression, known]) =>
      expression.kind === 'name' && expression.name === 'm' ? [known] : [],
    )
    expect(type?.interval.low).toBe(0)
    expect(contains(type!.interval, 1e30)).toBe(true)
  })

  it('finds the smallest expression at a place', () => {
    const text = program('lr * g')
    const offset = text.lastIndexOf('lr')
    expect(typeAt(checkText(text).checked, offset)?.expression).toMatchObject({
      kind: 'name',
      name: 'lr',
    })
    expect(typeAt(checkText(text).checked, 0)).toBeUndefined()
  })

  it.each([
    ['a number per run', 'state p = 1\np = p * 0.9\nupdate = lr * g * p\n', 'p', 'step, run'],
    [
      'a number per parameter',
      'state p = 1\np = 0.9 * p + 0.1 * norm(g)\nupdate = lr * g / (1 + p)\n',
      'p',
      'gradient, parameter',
    ],
    [
      'a number per element',
      'state p = 1\np = 0.9 * p + 0.1 * g\nupdate = lr * p\n',
      'p',
      'gradient, element',
    ],
  ])('knows a state that is %s', (_, text, name, placement) => {
    expect(typeOf(text, name).split(' in ')[0]).toBe(placement)
  })
})

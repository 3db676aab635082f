import { describe, expect, it } from 'vitest'
import { format } from '../../src/syntax/print.ts'
import { applyFix, checkText } from './check-text.ts'

const HEAD = `import { warmup_hold_cosine, warmup_linear } from "std/schedules"

schedule scaled(t, a, b = 1) = a * b * t
`

const rule = (value: string): string =>
  `${HEAD}\noptimizer Rule(lr = 0.1, warmup = 20) {\n  update = lr * g * warmup * (scaled(t, 1) + warmup_linear(t) + warmup_hold_cosine(t) + ${value})\n}\n`

/** The codes found in a text, and the text with the fix of each made, one after the other. */
function fixed(text: string): { codes: string[]; after: string } {
  const codes = checkText(text).diagnostics.map(({ code }) => code)
  let after = text
  for (let round = 0; round < codes.length; round++) {
    const [first] = checkText(after).diagnostics
    if (first?.fix !== undefined) after = applyFix(after, first)
  }
  return { codes, after }
}

describe('the step of a declaration', () => {
  it.each([
    ['schedule s(a = 3) = a * t', 'schedule s(t, a = 3) = a * t'],
    ['schedule s() = 2 * t', 'schedule s(t) = 2 * t'],
    ['schedule s( ) = (1 + t) * 2', 'schedule s(t) = (1 + t) * 2'],
    ['decay s() { return t / T }', 'decay s(t) { return t / T }'],
    ['decay s(a in [0, 1] = 0.5) = a * t / T', 'decay s(t, a in [0, 1] = 0.5) = a * t / T'],
    [
      'decay s(a in [0, 1], t, b in [0, 1]) = a * b',
      'decay s(t, a in [0, 1], b in [0, 1]) = a * b',
    ],
    ['schedule s(t in [0, 1]) = 2 * t', 'schedule s(t) = 2 * t'],
    ['schedule s(t = 3) = 2 * t', 'schedule s(t) = 2 * t'],
    ['schedule s(a = 3, t = 2) = a * t', 'schedule s(t, a = 3) = a * t'],
    ['decay s(T) = t / T', 'decay s(t, T) = t / T'],
  ])('%s', (text, wanted) => {
    const { codes, after } = fixed(`${text}\n`)
    expect(codes).toEqual(['schedule-without-step'])
    expect(format({ path: 'main.opt', text: after }).value).toBe(
      format({ path: 'main.opt', text: `${wanted}\n` }).value,
    )
    expect(checkText(after).diagnostics).toEqual([])
  })

  it('stands above the documentation of the next parameter', () => {
    const { after } = fixed('schedule s(\n  /// How steep.\n  a = 3,\n) = a * t\n')
    const [declaration] = checkText(after).checked.functions
    expect(
      declaration?.parameters.map(({ name, documentation }) => [name.name, documentation]),
    ).toEqual([
      ['t', []],
      ['a', ['How steep.']],
    ])
  })

  it('is put in place of missing parentheses too', () => {
    const { codes, after } = fixed('schedule s = 2 * t\n')
    expect(codes).toEqual(['missing-parameters'])
    expect(after).toBe('schedule s(t) = 2 * t\n')
  })

  it('is missing at the declaration and in its calls, each once', () => {
    const text = 'schedule s(a = 3) = a * t\n\nupdate = lr * g * (s(2) + s(t, 2))\n'
    const { codes, after } = fixed(text)
    expect(codes).toEqual(['schedule-without-step', 'step-argument'])
    expect(after).toBe('schedule s(t, a = 3) = a * t\n\nupdate = lr * g * (s(t, 2) + s(t, 2))\n')
  })
})

describe('the step of a call', () => {
  it.each([
    ['step-argument', 'warmup_linear(20)', 'warmup_linear(t, 20)'],
    ['step-argument', 'warmup_linear(2 * pi)', 'warmup_linear(t, 2 * pi)'],
    ['step-argument', 'warmup_linear(warmup)', 'warmup_linear(t, warmup)'],
    ['step-argument', 'warmup_linear(20, 30)', 'warmup_linear(t, 30)'],
    ['step-argument', 'warmup_hold_cosine(warmup, 20)', 'warmup_hold_cosine(t, warmup, 20)'],
    ['step-argument', 'decay_cosine(T - 1)', 'decay_cosine(t)'],
    ['step-argument', 'warmup_linear(warmup = t)', 'warmup_linear(t)'],
    ['step-argument', 'scaled(3, t)', 'scaled(t, 3)'],
    ['step-argument', 'scaled(a = 3, b = t)', 'scaled(t, a = 3)'],
    ['step-argument', 'scaled(t, 3, t)', 'scaled(t, 3)'],
    ['step-argument', 'scaled(a = 3, t = 2)', 'scaled(a = 3, t = t)'],
    ['missing-argument', 'decay_cosine()', 'decay_cosine(t)'],
    ['missing-argument', 'warmup_linear()', 'warmup_linear(t)'],
    ['missing-argument', 'warmup_linear(warmup = 3)', 'warmup_linear(t, warmup = 3)'],
  ])('%s in %s', (code, call, wanted) => {
    const { codes, after } = fixed(rule(call))
    expect(codes).toEqual([code])
    expect(after).toBe(rule(wanted))
    expect(checkText(after).diagnostics).toEqual([])
  })

  it.each([
    'decay_cosine(t + 5)',
    'decay_cosine(max(t - warmup, 0))',
    'scaled(t / 2, 3, t / 2)',
    'warmup_linear(warmup = 3, t = t)',
    'decay_cosine(T - 1 - t)',
  ])('%s is one', (call) => {
    expect(checkText(rule(call)).diagnostics).toEqual([])
  })

  it('may come through a `let`, a state or a parameter of a `fn`', () => {
    const text =
      'fn late(x, n) = x * decay_cosine(n)\n\nstate k = 0\nk = k + 1\nlet later = t + 5\nupdate = lr * late(g, t) * decay_cosine(later) * decay_linear(k)\n'
    expect(checkText(text).diagnostics).toEqual([])
    const constant = text.replace('late(g, t)', 'late(g, 5)').replace('t + 5', 'T - 5')
    expect(checkText(constant).diagnostics.map(({ code }) => code)).toEqual([
      'step-argument',
      'step-argument',
    ])
  })

  it('is not another parameter of the schedule that calls', () => {
    const text = 'schedule old(t, warmup, hold) = t / decay_linear(hold) * warmup\n'
    expect(checkText(text).diagnostics.map(({ code }) => code)).toContain('step-argument')
  })

  it('makes what it is called for known at a step, also where the value is the same on all', () => {
    const text = 'schedule three(t) = 3\n\nstate m = three(t)\nm = 0.9 * m + g\nupdate = lr * m\n'
    expect(checkText(text).diagnostics.map(({ code }) => code)).toEqual(['state-initial-value'])
  })
})

describe('a decay for a step behind the end of the run', () => {
  it('has its last value, which keeps the promise of who calls it', () => {
    const text = 'decay rise(t) = t / T\n\ndecay fast(t) = rise(2 * t)\n'
    expect(checkText(text).diagnostics).toEqual([])
  })

  it('has it in trials too', () => {
    const hump = 'decay hump(t) = 4 * t / T * (1 - t / T)\n'
    const codes = (text: string): string[] =>
      checkText(hump + text).diagnostics.map(({ code }) => code)
    expect(codes('\ndecay late(t) = hump(3 * t)\n')).toEqual(['decay-unproved'])
    expect(codes('\ndecay late(t) = 1.5 * hump(3 * t) / (1 + hump(3 * t) / 2)\n')).toEqual([
      'decay-unproved',
      'decay-unproved',
    ])
    expect(codes('\ndecay late(t) = 4 * (3 * t) / T * (1 - 3 * t / T)\n')).toEqual([
      'decay-unproved',
      'decay-out-of-range',
    ])
  })

  it('is not held where it knows nothing of the end', () => {
    expect(
      checkText('decay rise(t) = clip(t / 10, 0, 1)\n\ndecay fast(t) = rise(20 * t)\n').diagnostics,
    ).toEqual([])
  })
})

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { check } from '../../src/check/check.ts'
import { evaluateFunction } from '../../src/ir/schedule.ts'
import { parse } from '../../src/syntax/parse.ts'
import { checkText } from './check-text.ts'

const text = readFileSync(new URL('../../stdlib/prelude.opt', import.meta.url), 'utf8')
const parsed = parse({ path: 'std/prelude', text })
const { value: checked, diagnostics } = check(parsed.value, () => undefined)

const r2 = (t: number, T: number): number => ((2 * t) % T) / T
const beta = (t: number, T: number): number => 0.95 * (1 - (t + 1) / T)

/** Section 4 of the published method, https://arxiv.org/abs/2404.06679. */
const bases: Readonly<Record<string, (t: number, T: number) => number>> = {
  a1: (t, T) => 1 - t / T,
  a2: (t, T) => t / T,
  a3: (t, T) => (1 + Math.cos((Math.PI * t) / T)) / 2,
  a4: (t, T) => (1 - Math.cos((Math.PI * t) / T)) / 2,
  a5: (t, T) => (1 + Math.cos((2 * Math.PI * t) / T)) / 2,
  a6: (t, T) => (1 - Math.cos((2 * Math.PI * t) / T)) / 2,
  a7: (t, T) => (1 + Math.cos(Math.PI * r2(t, T))) / 2,
  a8: (t, T) => (1 - Math.cos(Math.PI * r2(t, T))) / 2,
  a9: (t, T) => 1 - r2(t, T),
  a10: (t, T) => r2(t, T),
  a11: (t, T) => 0.01 ** (t / T),
  a12: (t, T) => 1 - 0.01 ** (t / T),
  a13: (t, T) => beta(t, T) / (0.05 + beta(t, T)),
  a14: (t, T) => 0.95 - beta(t, T) / (0.05 + beta(t, T)),
}

describe('the prelude', () => {
  it('has no diagnostics', () => {
    expect([...parsed.diagnostics, ...diagnostics]).toEqual([])
  })

  it('documents everything it declares', () => {
    for (const { name, documentation } of checked.functions) {
      expect(documentation.join(''), name.name).not.toBe('')
    }
  })

  it.each(Object.entries(bases))('%s is the published formula', (name, formula) => {
    const [, lowered] = [...checked.lowered.schedules].find(
      ([declaration]) => declaration.name.name === name,
    )!
    for (const T of [1, 2, 7, 100]) {
      for (let t = 0; t < T; t++) {
        const value = evaluateFunction(lowered.written, [], t, T)
        expect(value).toBeCloseTo(formula(t, T), 14)
        expect(value).toBeGreaterThanOrEqual(0)
        expect(value).toBeLessThanOrEqual(1)
      }
    }
  })

  it.each([
    'ema(g)',
    'corrected_ema(g^2, 0.999)',
    'previous(g)',
    'running_max(abs(g))',
    'delta_change(g)',
    'heavy_ball(g, 0.95)',
    'nesterov(g, mu = 0.9)',
    'nesterov_search(g)',
    'clip_by_norm(g, 1)',
  ])('%s can be used without a warning', (call) => {
    expect(checkText(`update = lr * ${call} + 0.1 * g\n`).diagnostics).toEqual([])
  })

  it('gives a corrected average of squares that has a root', () => {
    expect(
      checkText('update = lr * g / (sqrt(corrected_ema(g^2, 0.999)) + 1e-8)\n').diagnostics,
    ).toEqual([])
  })
})

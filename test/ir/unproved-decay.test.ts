import { expect, test } from 'vitest'
import type { ScheduleFunction } from '../../src/ir/graph.ts'
import { contains, interval } from '../../src/operators/interval.ts'
import { evaluateFunction } from '../../src/ir/schedule.ts'
import { compile } from '../../src/compile.ts'
import { loader } from '../stdlib/library.ts'

function compiled(text: string): {
  readonly functions: readonly ScheduleFunction[]
  readonly codes: readonly string[]
} {
  const { value, diagnostics } = compile({ path: 'decay.opt', text }, loader)
  return { functions: value!.functions, codes: diagnostics.map(({ code }) => code) }
}

test('a decay that only a run that nobody tries breaks is kept in [0, 1]', () => {
  const { functions, codes } = compiled('decay sly(t) = where(T == 77, 2 - 4 * (t / T), 1)')
  expect(codes).toContain('decay-unproved')
  const [sly] = functions
  for (let t = 0; t < 77; t++) {
    const value = evaluateFunction(sly!, [], t, 77)
    expect(contains(interval(0, 1), value), `step ${t}: ${value}`).toBe(true)
  }
  expect(evaluateFunction(sly!, [], 0, 77)).toBe(1)
  expect(evaluateFunction(sly!, [], 76, 77)).toBe(0)
})

test('a decay that is proved is left as it is written', () => {
  const { functions, codes } = compiled('decay line(t) = 1 - t / T')
  expect(codes).not.toContain('decay-unproved')
  const body = functions[0]!.body
  expect(body.kind === 'apply' && body.operator.role).toBe('subtraction')
})

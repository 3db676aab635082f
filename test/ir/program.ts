import { expect } from 'vitest'
import type { Program } from '../../src/ir/graph.ts'
import { simulate, type EvaluationOptions } from '../../src/plan/run/evaluate.ts'
import { compileText } from '../emit/compile-program.ts'

/** The only optimizer of a program text that may import `files`, simplified. */
export function programOf(text: string, files: Readonly<Record<string, string>> = {}): Program {
  const { programs } = compileText('rule.opt', text, files)
  expect(programs).toHaveLength(1)
  return programs[0]!
}

/** What each step subtracts from a weight of 0 that has no effect: for programs without `w`. */
export function updatesOf(
  program: Program,
  gradients: readonly number[],
  options: Partial<EvaluationOptions> = {},
): number[] {
  let before = 0
  return simulate(
    program,
    { shape: [1], precision: 64, ...options },
    [0],
    gradients.map((gradient) => [gradient]),
  ).map(([weight]) => {
    const update = before - weight!
    before = weight!
    return update
  })
}

/** Asserts that numbers agree to 12 decimal places. */
export function expectNumbers(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length)
  for (const [index, value] of expected.entries()) expect(actual[index]).toBeCloseTo(value, 12)
}

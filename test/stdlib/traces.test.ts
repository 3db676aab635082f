import { describe, expect, it } from 'vitest'
import { simulateBoth } from '../../src/plan/run/evaluate.ts'
import { fixture, type Trace } from './fixture.ts'
import { compileText, optimizer, optimizerNames } from './library.ts'

interface Case {
  readonly optimizer: string
  readonly reference: string
  readonly trace: string
  readonly hyperparameters: Readonly<Record<string, number>>
  /** The program around a function of the library that has the name; without it the library holds the optimizer. */
  readonly rule?: string
  readonly steps: readonly number[]
  readonly w: readonly (readonly number[])[]
  /** The weights to evaluate with, where the optimizer says which these are. */
  readonly evaluate?: readonly (readonly number[])[]
}

const traces = fixture<Record<string, Trace>>('traces.json')

/**
 * The largest distance of a weight from the reference, in parts of the weight or of the way it has gone, whichever is
 * the larger: what rounding leaves of a way depends on both.
 */
function distance(test: Case, precision: 32 | 64): number {
  const trace = traces[test.trace]!
  const run = simulateBoth(
    test.rule === undefined ? optimizer(test.optimizer) : compileText(test.optimizer, test.rule),
    {
      shape: trace.shape,
      hyperparameters: test.hyperparameters,
      totalSteps: trace.totalSteps,
      precision,
    },
    trace.w0,
    trace.gradients,
  )
  let largest = 0
  const compare = (weights: readonly Float64Array[], wanted: Case['w']): void =>
    test.steps.forEach((step, index) => {
      wanted[index]!.forEach((expected, element) => {
        const way = Math.abs(expected - trace.w0[element]!)
        const scale = Math.max(Math.abs(expected), way, 1e-3)
        const error = Math.abs(weights[step]![element]! - expected) / scale
        largest = Number.isNaN(error) ? Infinity : Math.max(largest, error)
      })
    })
  compare(run.w, test.w)
  expect(run.evaluate === undefined).toBe(test.evaluate === undefined)
  if (test.evaluate !== undefined) compare(run.evaluate!, test.evaluate)
  return largest
}

function describeCases(name: string, precision: 32 | 64, tolerance: number): readonly Case[] {
  const cases = fixture<readonly Case[]>(name)
  describe(name, () => {
    it.each(
      cases.map(
        (test) =>
          [
            test.optimizer,
            test.reference,
            test.trace,
            JSON.stringify(test.hyperparameters),
            test,
          ] as const,
      ),
    )('%s goes where %s goes on %s with %s', (_name, _reference, _trace, _settings, test) => {
      expect(distance(test, precision)).toBeLessThan(tolerance)
    })
  })
  return cases
}

// Both sides round every operation to 32 bits, in different orders.
const pytorch = describeCases('pytorch.json', 32, 3e-6)
const recent = describeCases('recent.json', 32, 3e-6)
const evaluated = describeCases('evaluation.json', 32, 3e-6)
const frameworks = describeCases('frameworks.json', 32, 1e-5)
// Both sides compute in 64 bits; the fixture holds 11 digits.
const formulas = describeCases('formulas.json', 64, 1e-10)

it('every optimizer of the library has a reference', () => {
  const compared = new Set(
    [...pytorch, ...frameworks, ...recent, ...evaluated, ...formulas].map((test) => test.optimizer),
  )
  // What draws random numbers is held to their distribution, in sgld.test.ts.
  compared.add('sgld')
  expect(optimizerNames.filter((name) => !compared.has(name))).toEqual([])
})

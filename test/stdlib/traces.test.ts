import { describe, expect, it } from 'vitest'
import { simulateModel } from '../../src/plan/run/evaluate.ts'
import { fixture, type Trace } from './fixture.ts'
import { compileText, optimizer, optimizerNames } from './library.ts'

interface Case {
  readonly optimizer: string
  readonly reference: string
  /** Undefined where all of TOGETHER are parameters of one model. */
  readonly trace?: string
  readonly hyperparameters: Readonly<Record<string, number>>
  /** The program around a function of the library that has the name; without it the library holds the optimizer. */
  readonly rule?: string
  readonly steps: readonly number[]
  /** The weights, of all parameters one after the other. */
  readonly w: readonly (readonly number[])[]
  /** The weights to evaluate with, where the optimizer says which these are. */
  readonly evaluate?: readonly (readonly number[])[]
}

const TOGETHER = ['number', 'vector', 'dense', 'filter']

const traces = fixture<Record<string, Trace>>('traces.json')

/**
 * The largest distance of a weight from the reference, in parts of the weight or of the way it has gone, whichever is
 * the larger: what rounding leaves of a way depends on both.
 */
function distance(test: Case, precision: 32 | 64): number {
  const parameters = (test.trace === undefined ? TOGETHER : [test.trace]).map(
    (name) => traces[name]!,
  )
  const steps = parameters[0]!.gradients.map((_, t) =>
    parameters.map(({ gradients }) => gradients[t]!),
  )
  const run = simulateModel(
    test.rule === undefined ? optimizer(test.optimizer) : compileText(test.optimizer, test.rule),
    {
      shapes: parameters.map(({ shape }) => shape),
      hyperparameters: test.hyperparameters,
      totalSteps: parameters[0]!.totalSteps,
      precision,
    },
    parameters.map(({ w0 }) => w0),
    steps,
  )
  const start = parameters.flatMap(({ w0 }) => w0)
  let largest = 0
  const compare = (weights: typeof run.w, wanted: Case['w']): void =>
    test.steps.forEach((step, index) => {
      const found = weights[step]!.flatMap((w) => [...w])
      wanted[index]!.forEach((expected, element) => {
        const way = Math.abs(expected - start[element]!)
        const scale = Math.max(Math.abs(expected), way, 1e-3)
        const error = Math.abs(found[element]! - expected) / scale
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
            test.trace ?? 'all of them',
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
// Distances from the start that are as small as Prodigy's first ones are mostly rounding.
const together = describeCases('together.json', 32, 1e-5)
const evaluated = describeCases('evaluation.json', 32, 3e-6)
const frameworks = describeCases('frameworks.json', 32, 1e-5)
// Both sides compute in 64 bits; the fixture holds 11 digits.
const formulas = describeCases('formulas.json', 64, 1e-10)
const matrices = describeCases('matrices.json', 64, 1e-9)

it('every optimizer of the library has a reference', () => {
  const compared = new Set(
    [
      ...[...pytorch, ...frameworks, ...recent, ...together, ...evaluated],
      ...[...formulas, ...matrices],
    ].map((test) => test.optimizer),
  )
  // What draws random numbers is held to their distribution, in sgld.test.ts.
  compared.add('sgld')
  expect(optimizerNames.filter((name) => !compared.has(name))).toEqual([])
})

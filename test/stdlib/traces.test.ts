import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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

/** The worst distance of each optimizer from each reference, by their names, and in how many runs. */
const worst = new Map<string, { distance: number; runs: number; precision: 32 | 64 }>()

const rowOf = ({ optimizer: name, reference }: Case): string => `${name} | ${reference}`

function note(test: Case, distance: number, precision: 32 | 64): void {
  const known = worst.get(rowOf(test))
  worst.set(rowOf(test), {
    distance: Math.max(known?.distance ?? 0, distance),
    runs: (known?.runs ?? 0) + 1,
    precision,
  })
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
      const found = distance(test, precision)
      note(test, found, precision)
      expect(found).toBeLessThan(tolerance)
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

const all = [
  ...[...pytorch, ...frameworks, ...recent, ...together, ...evaluated],
  ...[...formulas, ...matrices],
]

const REFERENCES = join(import.meta.dirname, '../../stdlib/REFERENCES.md')

/** A number with one digit, not below the given one. */
function roundedUp(value: number): string {
  const [digit, exponent] = value.toExponential(6).split('e').map(Number) as [number, number]
  return value === 0 ? '0' : Number(`${Math.ceil(digit)}e${exponent}`).toExponential(0)
}

function tableOfReferences(): string {
  const rows = [...worst].sort(([a], [b]) => a.localeCompare(b))
  return [
    '# What the library was compared with',
    '',
    'Each optimizer and function, beside an implementation that people use or its paper, on the same gradients: the largest',
    'distance of any weight at any of the steps that were looked at, in parts of the weight or of the way it has gone, whichever is',
    'larger. In 32 bits both sides round every operation. The scripts that made the references stand in',
    '[test/stdlib/fixtures](../test/stdlib/fixtures). `npm run update` writes this table.',
    '',
    '| name | reference | runs | bits | largest distance, at most |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(
      ([name, { distance: far, runs, precision }]) =>
        `| ${name} | ${runs} | ${precision} | ${roundedUp(far)} |`,
    ),
    '',
  ].join('\n')
}

it('no distance is larger than stdlib/REFERENCES.md says', () => {
  const runs = [...worst.values()].reduce((sum, each) => sum + each.runs, 0)
  // Where only some tests are run there is nothing to compare.
  if (runs < all.length) return
  if (process.env['UPDATE'] === '1') writeFileSync(REFERENCES, tableOfReferences())
  const stated = new Map(
    readFileSync(REFERENCES, 'utf8')
      .split('\n')
      .map((line) => line.split(' | '))
      .filter((cells) => cells.length === 5)
      .map((cells) => [`${cells[0]!.slice(2)} | ${cells[1]}`, Number.parseFloat(cells[4]!)]),
  )
  for (const [name, { distance: far }] of worst)
    expect(far, name).toBeLessThanOrEqual(stated.get(name) ?? -1)
})

it('every optimizer of the library has a reference', () => {
  const compared = new Set(all.map((test) => test.optimizer))
  // What draws random numbers is held to their distribution, in sgld.test.ts.
  compared.add('sgld')
  expect(optimizerNames.filter((name) => !compared.has(name))).toEqual([])
})

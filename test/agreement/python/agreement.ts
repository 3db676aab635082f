import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasModules } from '../../emit/pytorch/python.ts'
import { startTally } from '../tally.ts'
import type { Comparison } from './comparison.ts'
import { drawComparisons } from './draws.ts'
import { frameworks } from './frameworks.ts'
import { functionComparisons } from './functions.ts'
import { ask } from './questions.ts'
import { runComparisons } from './runs.ts'
import { stepComparisons, type Selection } from './steps.ts'

/** All there is to compare; what is drawn has no end. */
export const EVERYTHING: Selection = { published: 40, random: 200, matrices: 75, every: 1 }

/** A few of each kind: where each operation is compiled for each shape first, that takes longer than the runs. */
export const A_FEW: Selection = {
  published: 1,
  random: 4,
  matrices: 2,
  sample: 'adam prodigy schedule_free_adamw sgld'.split(' '),
  every: 12,
}

/** Library files of every kind of arithmetic. */
export const SAMPLE = 'adam adafactor lion prodigy soap schedule_free_adamw sgld'.split(' ')

/** The tests that say that optimizers of a framework give the numbers of the evaluator. */
export function pythonAgreement(column: keyof typeof frameworks, selection: Selection): void {
  const framework = frameworks[column]
  const all: readonly Comparison[] = [
    ...stepComparisons(selection),
    ...runComparisons(selection),
    ...drawComparisons,
    ...functionComparisons,
  ]
  describe.runIf(hasModules(...framework.modules))(
    `on ${framework.title}, the optimizer gives the numbers of the evaluator`,
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'optc-python-'))
      const tally = selection === EVERYTHING ? startTally(column) : undefined
      const faults = new Map<Comparison, () => readonly string[]>()
      beforeAll(async () => {
        const prepared = []
        for (const [index, each] of all.entries())
          prepared.push(await each.prepare(framework, folder, `case_${index}`))
        // One process: what a framework has to be loaded takes longer than most cases.
        const answers = await ask(
          framework.script,
          prepared.flatMap(({ questions }) => questions),
        )
        let first = 0
        for (const [index, { questions, faults: faultsOf }] of prepared.entries()) {
          const own = answers.slice(first, (first += questions.length))
          faults.set(all[index]!, () => faultsOf(own, tally))
        }
      }, 3_600_000)
      afterAll(() => {
        rmSync(folder, { recursive: true, force: true })
        tally?.record()
      })

      test.each(all.map((each) => [each.title, each] as const))('%s', (_, each) => {
        expect(faults.get(each)!()).toEqual([])
      })
    },
  )
}

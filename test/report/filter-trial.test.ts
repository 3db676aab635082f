import { expect, test } from 'vitest'
import type { Entry, JournalFitness, Work } from '../../src/evolve/journal.ts'
import { tryFilters } from '../../src/report/filter-trial.ts'
import { arrangeRun } from '../../src/report/run.ts'
import { loader } from '../stdlib/library.ts'

const work = (slot: string, rule: string, surrogate: string, score: number): Work => {
  const fitness: JournalFitness = { surrogate, score, seed: 1, steps: 10, learningRate: 0.1 }
  const integrity = { accepted: true, flipped: false, learningRate: 1, loss: 0 }
  return {
    kind: 'work',
    slot,
    rejections: [],
    attempts: [{ rule, fingerprint: slot, integrity, fitness }],
  }
}

const optimizer = (update: string): string =>
  `optimizer Candidate(lr in (0, inf) = 0.01) {\n  update = lr * ${update}\n}\n`

/** The filter called `constant` removes it: it does not look at the gradient. */
const CONSTANT = optimizer('1')
const DESCENT = optimizer('g')

const lostTogether = async (
  works: readonly Work[],
): Promise<{ count: number; share: number | undefined }> => {
  const entries: Entry[] = [{ kind: 'run', version: '0.1.0', configuration: {} }, ...works]
  const tried = await tryFilters(arrangeRun(entries)!, loader)
  return tried.find(({ name }) => name === 'constant')!.goodLost
}

test('good are the best quarter of one surrogate: high scores of another do not make all good or none', async () => {
  const initial = [0.1, 0.2, 0.3, 0.4].map((score, index) =>
    work(`initial/${index}`, CONSTANT, 'initial', score),
  )
  const evolved = [0.71, 0.72, 0.73, 0.74, 0.75, 0.76, 0.77, 0.78].map((score, index) =>
    work(`particle/0/1/${index}`, index === 7 ? CONSTANT : DESCENT, 'evolution', score),
  )
  // Two of eight are good; that the others' scores are lower or higher says nothing.
  expect(await lostTogether([...initial, ...evolved])).toEqual({ count: 1, share: 0.5 })
  const higher = initial.map(({ slot }, index) => work(slot, CONSTANT, 'initial', 0.9 + index / 99))
  expect(await lostTogether([...higher, ...evolved])).toEqual({ count: 1, share: 0.5 })
})

test('without scores nothing is good', async () => {
  expect(await lostTogether([])).toEqual({ count: 0, share: undefined })
})

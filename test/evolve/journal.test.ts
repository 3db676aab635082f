import { describe, expect, expectTypeOf, test } from 'vitest'
import type { z } from 'zod'
import {
  type entrySchema,
  fitnessSchema,
  readJournal,
  writeEntry,
  type Entry,
} from '../../src/evolve/journal.ts'

const entries: readonly Entry[] = [
  { kind: 'run', version: '1.2.3', configuration: { seed: 7, task: 'ünits', given: ['a\nb'] } },
  {
    kind: 'work',
    slot: 'initial/0',
    rejections: [{ mutation: 'operator', reason: 'integrity', count: 3 }],
    attempts: [
      {
        rule: 'update = lr * g\n',
        fingerprint: '0123456789abcdef',
        integrity: { accepted: true, flipped: false, learningRate: 0.1, loss: 1.5 },
        fitness: { surrogate: 'quick', seed: 1, steps: 20, failure: 'the loss diverged' },
      },
      {
        mutation: 'operator',
        rule: 'update = lr * sign(g)\n',
        fingerprint: 'fedcba9876543210',
        integrity: { accepted: true, flipped: true, learningRate: 1, loss: 0.25 },
        like: { slot: 'given/0', factor: -2 },
        fitness: {
          surrogate: 'quick',
          score: 0.5,
          testMetric: 0.4,
          testLoss: 2,
          learningRate: 0.1,
          seed: 1,
          steps: 20,
        },
      },
    ],
  },
  { kind: 'select', particle: 0, timestep: 1, slot: 'initial/0', score: 0.5 },
  {
    kind: 'final',
    slot: 'final/best-1',
    name: 'best-1',
    rule: 'update = g\n',
    flipped: false,
    trials: [{ surrogate: 'quick', seed: 1, steps: 5, score: 0.5, learningRate: 0.1 }],
    rivals: [{ learningRate: 0.1, runs: [{ surrogate: 'quick', seed: 2, steps: 9 }] }],
    learningRate: 0.1,
    runs: [{ surrogate: 'quick', seed: 3, steps: 9 }],
  },
]
const text = entries.map(writeEntry).join('')

test('a journal holds one line per entry and gives them back', () => {
  expect(text.split('\n')).toHaveLength(entries.length + 1)
  expect(readJournal(text)).toEqual({ entries, length: text.length, problem: undefined })
})

test('an empty journal holds nothing', () => {
  expect(readJournal('')).toEqual({ entries: [], length: 0, problem: undefined })
})

test('cut off anywhere, it holds the lines that are whole', () => {
  for (let cut = 0; cut <= text.length; cut += 7) {
    const part = text.slice(0, cut)
    const whole = part.split('\n').length - 1
    const { entries: read, length, problem } = readJournal(part)
    expect(problem).toBeUndefined()
    expect(read).toEqual(entries.slice(0, whole))
    expect(part.slice(0, length)).toBe(entries.slice(0, whole).map(writeEntry).join(''))
  }
})

describe('a damaged line is named, and what stands before it is kept', () => {
  const lines = text.split('\n')
  test.each([
    ['that is no JSON', '{"kind": "work"', 'it is not JSON'],
    ['of another kind', '{"kind":"other"}', "kind: expected 'run' | 'work'"],
    [
      'with a field of the wrong type',
      lines[2]!.replace('"score":0.5', '"score":null'),
      'score: expected number, received null',
    ],
    [
      'without a field',
      lines[2]!.replace('"particle":0,', ''),
      'particle: expected number, but it is missing',
    ],
    ['that is empty', '', 'it is not JSON'],
  ])('%s', (_, damaged, reason) => {
    const broken = [lines[0], lines[1], damaged, ...lines.slice(3)].join('\n')
    const { entries: read, problem } = readJournal(broken)
    expect(read).toEqual(entries.slice(0, 2))
    expect(problem).toContain(`line 3 is no entry of a journal: ${reason}`)
  })
})

test('a journal from before there were metrics has its accuracies as metrics', () => {
  const fitness = { surrogate: 'short', score: 0.6, seed: 1, steps: 10 }
  const read = (older: object) => fitnessSchema.parse({ ...fitness, ...older })
  expect(read({ testAccuracy: 0.5 })).toEqual({ ...fitness, testMetric: 0.5 })
  expect(read({ testMetric: 0.5 })).toEqual({ ...fitness, testMetric: 0.5 })
  expect(read({})).toEqual(fitness)
})

/** Schemas make lists that cannot be written to, and fields that can. */
type Readable<T> = T extends readonly (infer Item)[]
  ? readonly Readable<Item>[]
  : T extends object
    ? { readonly [Field in keyof T]: Readable<T[Field]> }
    : T

test('the types that are written out are those of the schema', () => {
  expectTypeOf<Readable<z.infer<typeof entrySchema>>>().toEqualTypeOf<Readable<Entry>>()
})

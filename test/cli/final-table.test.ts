import { expect, test } from 'vitest'
import { finalTable } from '../../src/cli/evolving/final-table.ts'
import type { Final, JournalFitness } from '../../src/evolve/journal.ts'
import { elementsOf, readMarkup, textOf } from '../report/markup.ts'
import { report } from '../report/page.ts'

const judged = { surrogate: 'last', steps: 10, learningRate: 0.1 }
const good = (seed: number, testAccuracy: number): JournalFitness => ({
  ...judged,
  seed,
  score: testAccuracy + 0.01,
  testAccuracy,
})
const early = (seed: number, testAccuracy: number): JournalFitness => ({
  ...judged,
  seed,
  testAccuracy,
  failure: 'the training accuracy was too low',
})
const diverged = (seed: number): JournalFitness => ({
  ...judged,
  seed,
  failure: 'the loss diverged',
})
const final = (name: string, runs: readonly JournalFitness[], of?: string): Final => ({
  kind: 'final',
  slot: `final/${name}`,
  name,
  ...(of !== undefined && { of }),
  rule: 'optimizer Rule(lr in (0, inf) = 0.01) {\n  update = lr * g\n}\n',
  flipped: false,
  searched: good(0, 0.85),
  runs,
})

const finals = [
  final('best-1', [good(1, 0.9), early(2, 0.2), good(3, 0.88)], 'initial/0'),
  final('best-2', [good(1, 0.91), diverged(2), good(3, 0.93)], 'initial/1'),
  final('adam', [good(1, 0.8), good(2, 0.82), early(3, 0.7)]),
]

test('runs that ended early count, diverged ones are said to have failed', () => {
  const [, first, second, adam] = finalTable({ best: [], finals, ablations: [] }).split('\n')
  // Means of 0.9, 0.2, 0.88 and of 0.91, 0.93; the differences 0.1, -0.62, 0.18 and 0.11, 0.23.
  expect(first).toMatch(/0\.6600 ± \d.* -0\.1133 ± \d.* {2}1 of 3 ended early$/)
  expect(second).toMatch(/0\.9200 ± \d.* \+0\.1700 ± \d.* {2}1 of 3 failed: the loss diverged$/)
  expect(adam).toMatch(/0\.7733 ± \d.* {2}1 of 3 ended early$/)
})

test('the figures are those of the report', async () => {
  const entries = [{ kind: 'run', version: '0.1.0', configuration: {} } as const, ...finals]
  const rows = elementsOf(readMarkup(await report(entries)))
    .filter(({ name, attributes }) => name === 'section' && attributes.get('id') === 'table')
    .flatMap(elementsOf)
    .filter(({ name }) => name === 'tr')
    .map((row) => row.children.map(textOf))
  const lines = finalTable({ best: [], finals, ablations: [] }).split('\n')
  for (const { name } of finals) {
    const shown = rows.find(([cell]) => cell!.startsWith(name))!
    const line = lines.find((each) => each.startsWith(name))!
    const [mean, difference] = [...line.matchAll(/(-?\+?\d\.\d+) ± (\d\.\d+)/g)].map(
      ([, center, half]) => [Number(center), Number(half)] as const,
    )
    const percents = (text: string): readonly number[] =>
      [...text.replace('−', '-').matchAll(/-?\d+\.\d+/g)].map(([number]) => Number(number) / 100)
    mean!.forEach((value, index) => expect(percents(shown[1]!)[index]).toBeCloseTo(value, 3))
    difference?.forEach((value, index) => expect(percents(shown[2]!)[index]).toBeCloseTo(value, 3))
  }
})

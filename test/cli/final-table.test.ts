import { describe, expect, test } from 'vitest'
import { finalTable } from '../../src/hosts/cli/evolving/final-table.ts'
import type { EntryOf, Final, JournalFitness } from '../../src/evolve/journal.ts'
import { elementsOf, readMarkup, textOf } from '../report/markup.ts'
import { report } from '../report/page.ts'

const judged = { surrogate: 'last', steps: 10, learningRate: 0.1 }
const good = (seed: number, testMetric: number): JournalFitness => ({
  ...judged,
  seed,
  score: testMetric + 0.01,
  testMetric,
})
const early = (seed: number, testMetric: number): JournalFitness => ({
  ...judged,
  seed,
  testMetric,
  failure: 'the training accuracy was too low',
})
const diverged = (seed: number): JournalFitness => ({
  ...judged,
  seed,
  failure: 'the loss diverged',
})
const rival = (learningRate: number, ...scores: readonly number[]) => ({
  learningRate,
  runs: scores.map((score, seed) => ({ ...good(100 + seed, score - 0.01), learningRate })),
})
const final = (name: string, runs: readonly JournalFitness[], of?: string): Final => ({
  kind: 'final',
  slot: `final/${name}`,
  name,
  ...(of !== undefined && { of, score: 0.85 }),
  rule: 'optimizer Rule(lr in (0, inf) = 0.01) {\n  update = lr * g\n}\n',
  flipped: false,
  trials: [{ ...judged, seed: 50, score: 0.5 }],
  rivals: [rival(0.22, 0.7, 0.71), rival(0.1, 0.8, 0.81)],
  learningRate: 0.1,
  runs,
})
const tableOf = (finals: readonly Final[]): string =>
  finalTable({ finals, ablations: [], transfers: [] })
const linesOf = (finals: readonly Final[]): string[] => tableOf(finals).split('\n')

const finals = [
  final('best-1', [good(1, 0.9), early(2, 0.2), good(3, 0.88)], 'initial/0'),
  final('best-2', [good(1, 0.91), diverged(2), good(3, 0.93)], 'initial/1'),
  final('adam', [good(1, 0.8), good(2, 0.82), early(3, 0.7)]),
]

test('runs that ended early count, a rule of which one diverged has no mean', () => {
  const [, first, second, adam] = linesOf(finals)
  // The mean of 0.9, 0.2, 0.88, and of the differences 0.1, -0.62, 0.18.
  expect(first).toMatch(/0\.8500 +0\.6600 ± \d.* -0\.1133 ± \d.* {2}1 of 3 ended early$/)
  expect(second).toMatch(/initial\/1 +0\.1 +0\.8500 +1 of 3 failed: the loss diverged$/)
  expect(adam).toMatch(/baseline +0\.1 +0\.7733 ± \d.* {2}1 of 3 ended early$/)
})

test('a baseline that diverged leaves nothing to compare with', () => {
  const [, first] = linesOf([finals[0]!, final('adam', [good(1, 0.8), diverged(2), good(3, 0.8)])])
  expect(first).toMatch(/0\.6600 ± \d\.\d+ +1 of 3 ended early$/)
})

test('a rule without a learning rate is listed without one', () => {
  const { learningRate: _, ...rest } = final('best-1', [good(1, 0.9), good(2, 0.9)], 'given/0')
  const text = tableOf([{ ...rest, trials: [], rivals: [] }])
  expect(text.split('\n')[1]).toMatch(/given\/0 +0\.8500 +0\.9000 ± 0\.0000$/)
  expect(text).not.toContain('chosen again')
})

test('a rule that could not be tuned says why', () => {
  const { learningRate: _, ...rest } = final('best-1', [], 'initial/0')
  const failing = { learningRate: 0.1, runs: [{ ...judged, seed: 1, failure: 'it was too bad' }] }
  const line = (changes: Partial<Final>): string => linesOf([{ ...rest, ...changes }])[1]!
  expect(line({ rivals: [failing] })).toMatch(/ {2}no learning rate works .*: it was too bad$/)
  expect(line({ rivals: [], trials: [diverged(1)] })).toMatch(/: the loss diverged$/)
  expect(line({ rivals: [], trials: [] })).toMatch(/ {2}it allows no learning rate of the probe$/)
})

test('the rivals of each learning rate are shown, and what the choice took', () => {
  const lines = linesOf([final('best-1', [good(1, 0.9), good(2, 0.91)], 'initial/0')])
  const at = lines.findIndex((line) => line.includes('chosen again'))
  expect(lines[at + 1]).toMatch(/^best-1 +0\.1 +0\.8050 +100 % +0\.22 \(0\.7050\)$/)
  // A short run, four whole ones and two with fresh seeds, of ten steps each.
  expect(lines.join('\n')).toContain('70 training steps, 50 of them to choose learning rates')
})

test('an interval is wider where other seeds would have chosen another learning rate', () => {
  const runs = [good(1, 0.9), good(2, 0.91), good(3, 0.9)]
  const [worse, best] = [rival(0.22, 0.7, 0.83), rival(0.1, 0.8, 0.79)]
  // On held-out data it would have been worse by 0.1 with either seed.
  const tested = worse.runs.map((run, seed) => ({
    ...run,
    testMetric: best.runs[seed]!.testMetric! - 0.1,
  }))
  const unsure = {
    ...final('best-1', runs, 'initial/0'),
    rivals: [{ ...worse, runs: tested }, best],
  }
  const [sure, wide] = [final('best-1', runs, 'initial/0'), unsure].map((each) =>
    Number(/ ± (\d\.\d+)/.exec(tableOf([each]))![1]),
  )
  expect(wide).toBeGreaterThan(sure!)
})

test('the figures are those of the report', async () => {
  const entries = [{ kind: 'run', version: '0.1.0', configuration: {} } as const, ...finals]
  const rows = elementsOf(readMarkup(await report(entries)))
    .filter(({ name, attributes }) => name === 'section' && attributes.get('id') === 'table')
    .flatMap(elementsOf)
    .filter(({ name }) => name === 'tr')
    .map((row) => row.children.map(textOf))
  const lines = linesOf(finals)
  for (const { name } of [finals[0]!, finals[2]!]) {
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

describe('other tasks', () => {
  const here = [
    final('best-1', [good(1, 0.9), good(2, 0.9)], 'initial/0'),
    final('best-2', [good(1, 0.95), good(2, 0.95)], 'initial/1'),
    final('adam', [good(1, 0.8), good(2, 0.8)]),
  ]
  const on = (task: string, name: string, ...values: readonly number[]): EntryOf<'transfer'> => {
    const {
      kind: _,
      slot: __,
      of: ___,
      score: ____,
      ...rest
    } = here.find((each) => each.name === name)!
    const runs = values.map((value, index) => good(index + 1, value))
    return { ...rest, kind: 'transfer', slot: `transfer/${task}/${name}`, task, runs }
  }
  const words = 'ptb-lstm'
  const transfers = [
    on('flowers', 'best-1', 0.3, 0.32),
    { ...on('flowers', 'best-2'), runs: [diverged(1), diverged(2)] },
    on('flowers', 'adam', 0.3, 0.32),
    on(words, 'best-1', 120, 122),
    on(words, 'best-2', 100, 101),
    on(words, 'adam', 110, 111),
  ]
  const surrogate = { name: 'any' }
  const configuration = {
    task: 'fashion14-cnn',
    given: [],
    otherTasks: [
      { task: words, metric: { name: 'perplexity', better: 'smaller', unit: 'number' } },
    ],
    judging: {
      finals: [
        { stage: 'fine-tuning', task: 'flowers', surrogate },
        { stage: 'supplement', task: words, surrogate, isSupplement: true },
      ],
    },
  }
  const text = finalTable({ finals: here, ablations: [], transfers }, undefined, configuration)
  const lines = text.split('\n')
  const after = (title: string): readonly string[] =>
    lines.slice(lines.findIndex((line) => line.startsWith(title)))

  test('have tables of their own, less being better where it is', () => {
    const flowers = after('fine-tuning on flowers, test accuracy')
    expect(flowers[2]).toMatch(/^best-1 +0\.1 +100 % +0\.3100 ± \d\.\d+ +0\.0000 ± \d/)
    expect(flowers[3]).toMatch(/^best-2 +0\.1 .*2 of 2 failed: the loss diverged$/)
    expect(flowers[4]).toMatch(/^adam +0\.1 +100 % +0\.3100 ± \d\.\d+$/)
    const ptb = after(`supplement on ${words}, minus the test perplexity`)
    expect(ptb[3]).toMatch(/^best-2 +0\.1 +100 % +-100\.5000 ± .* \+10\.0000 ± /)
  })

  test('rank rules by their means, those that failed last, supplements aside', () => {
    const ranks = after('rule    mean rank')
    // 0.95, 0.9, 0.8; then 0.31, failed, 0.31; then 100.5, 110.5, 121.
    expect(ranks.slice(1, 4).map((line) => line.trim().split(/ +/))).toEqual([
      ['best-1', '1.75', '2', '1.5', '3'],
      ['best-2', '2.00', '1', '3', '1'],
      ['adam', '2.25', '3', '1.5', '2'],
    ])
    expect(ranks[4]).toBe(`1 fashion14-cnn, 2 flowers, 3 ${words} (a supplement: not in the mean)`)
  })

  test('are in the report with the same figures', async () => {
    const run = { kind: 'run', version: '0.1.0', configuration } as const
    const page = readMarkup(await report([run, ...here, ...transfers]))
    const rows = elementsOf(page)
      .filter(({ name, attributes }) => name === 'section' && attributes.get('id') === 'tasks')
      .flatMap(elementsOf)
      .filter(({ name }) => name === 'tr')
      .map((row) => row.children.map(textOf))
    expect(rows[0]).toEqual(['Rule', 'Mean rank', 'fashion14-cnn', 'flowers', words])
    expect(rows.slice(1, 4)).toEqual([
      ['best-1', '1.75', '2', '1.5', '3'],
      ['best-2', '2.00', '1', '3', '1'],
      ['adam', '2.25', '3', '1.5', '2'],
    ])
    expect(
      rows.flatMap(([rule, mean, , failed]) =>
        rule!.startsWith('best-2') && / of /.test(failed ?? '') ? [mean] : [],
      ),
    ).toEqual(['the loss diverged', expect.stringMatching(/^−100\.5.±/)])
    expect(textOf(page)).toContain('Over 2 tasks its mean rank among 3 rules is 1.75: the best.')
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { filterStatistics, TOGETHER, type Judged } from '../../src/evolve/filter-report.ts'

const filters = ['signs', 'saddle', 'plateau'].map((name) => ({ name }))

const judged: fc.Arbitrary<Judged> = fc
  .record({
    outcome: fc.constantFrom('failed', 'good', 'middling'),
    rejectedBy: fc.subarray(filters.map(({ name }) => name)),
  })
  .map(({ outcome, rejectedBy }) => ({
    failed: outcome === 'failed',
    good: outcome === 'good',
    rejectedBy: new Set(rejectedBy),
  }))

const run = fc.array(judged, { maxLength: 40 })

test('an example', () => {
  const rules: Judged[] = [
    { failed: true, good: false, rejectedBy: new Set(['signs', 'saddle']) },
    { failed: true, good: false, rejectedBy: new Set(['saddle']) },
    { failed: true, good: false, rejectedBy: new Set() },
    { failed: false, good: true, rejectedBy: new Set(['signs']) },
    { failed: false, good: false, rejectedBy: new Set(['saddle']) },
  ]
  expect(filterStatistics(filters, rules)).toEqual([
    {
      name: 'signs',
      failuresRemoved: { count: 1, share: 1 / 3 },
      goodLost: { count: 1, share: 1 },
      evaluationsSaved: { count: 2, share: 0.4 },
    },
    {
      name: 'saddle',
      failuresRemoved: { count: 2, share: 2 / 3 },
      goodLost: { count: 0, share: 0 },
      evaluationsSaved: { count: 3, share: 0.6 },
    },
    {
      name: 'plateau',
      failuresRemoved: { count: 0, share: 0 },
      goodLost: { count: 0, share: 0 },
      evaluationsSaved: { count: 0, share: 0 },
    },
    {
      name: TOGETHER,
      failuresRemoved: { count: 2, share: 2 / 3 },
      goodLost: { count: 1, share: 1 },
      evaluationsSaved: { count: 4, share: 0.8 },
    },
  ])
})

test('there are no shares of nothing', () => {
  for (const row of filterStatistics(filters, [])) {
    for (const portion of [row.failuresRemoved, row.goodLost, row.evaluationsSaved])
      expect(portion).toEqual({ count: 0, share: undefined })
  }
})

test('counts add up, and shares are of what there is', () => {
  fc.assert(
    fc.property(run, (rules) => {
      const failures = rules.filter(({ failed }) => failed).length
      const good = rules.filter((rule) => rule.good).length
      const rest = rules.filter((rule) => !rule.failed && !rule.good)
      for (const { name, failuresRemoved, goodLost, evaluationsSaved } of filterStatistics(
        filters,
        rules,
      )) {
        const others = rest.filter(({ rejectedBy }) =>
          name === TOGETHER ? rejectedBy.size > 0 : rejectedBy.has(name),
        ).length
        expect(failuresRemoved.count + goodLost.count + others).toBe(evaluationsSaved.count)
        expect((failuresRemoved.share ?? 0) * failures).toBeCloseTo(failuresRemoved.count, 9)
        expect((goodLost.share ?? 0) * good).toBeCloseTo(goodLost.count, 9)
        expect((evaluationsSaved.share ?? 0) * rules.length).toBeCloseTo(evaluationsSaved.count, 9)
      }
    }),
  )
})

test('all together do at least what the best does and at most what all do apart', () => {
  fc.assert(
    fc.property(run, (rules) => {
      const rows = filterStatistics(filters, rules)
      const together = rows.at(-1)!
      const apart = rows.slice(0, -1)
      for (const key of ['failuresRemoved', 'goodLost', 'evaluationsSaved'] as const) {
        const counts = apart.map((row) => row[key].count)
        expect(together[key].count).toBeGreaterThanOrEqual(Math.max(...counts))
        expect(together[key].count).toBeLessThanOrEqual(counts.reduce((a, b) => a + b))
      }
    }),
  )
})

test('the order of the rules makes no difference, and rules of two runs add', () => {
  fc.assert(
    fc.property(run, run, (first, second) => {
      expect(filterStatistics(filters, [...first].reverse())).toEqual(
        filterStatistics(filters, first),
      )
      const both = filterStatistics(filters, [...first, ...second])
      const [a, b] = [filterStatistics(filters, first), filterStatistics(filters, second)]
      both.forEach((row, index) => {
        expect(row.failuresRemoved.count).toBe(
          a[index]!.failuresRemoved.count + b[index]!.failuresRemoved.count,
        )
      })
    }),
  )
})

test('only the filters asked for count', () => {
  const rules: Judged[] = [{ failed: true, good: false, rejectedBy: new Set(['plateau']) }]
  const rows = filterStatistics([{ name: 'signs' }], rules)
  expect(rows.map(({ evaluationsSaved }) => evaluationsSaved.count)).toEqual([0, 0])
})

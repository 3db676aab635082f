import { describe, expect, test } from 'vitest'
import { drawChart, type Chart } from '../../src/draw/chart-svg.ts'
import { drawIntervals, type IntervalRow } from '../../src/draw/intervals-svg.ts'
import { darkRules, INK, lineColor, lineColorCount } from '../../src/draw/palette.ts'
import { createRuler } from '../../src/draw/ticks.ts'

const size = { width: 400, height: 200, id: 'chart', description: 'a <chart>' }

const empty: Chart = { x: { label: 'x' }, y: { label: 'y' }, series: [] }

/** The numbers of an attribute of all circles of a drawing. */
const circles = (svg: string, key: string): readonly number[] =>
  [...svg.matchAll(new RegExp(`<circle[^>]* ${key}="([^"]*)"`, 'g'))].map(([, value]) =>
    Number(value),
  )

describe('charts', () => {
  test('place measurements inside their axes, higher ones higher', () => {
    const svg = drawChart(
      {
        ...empty,
        dots: [
          { at: [0, 1], color: 0, size: 3, low: 0.5, high: 1.5 },
          { at: [1, 2], color: 1, size: 3, faint: true, title: '<b>' },
        ],
        threads: [
          {
            points: [
              [0, 1],
              [1, 2],
            ],
            color: 2,
          },
        ],
      },
      size,
    )
    const [first, second] = [circles(svg, 'cx'), circles(svg, 'cy')]
    expect(first[1]!).toBeGreaterThan(first[0]!)
    expect(second[1]!).toBeLessThan(second[0]!)
    for (const x of first) expect(x).toBeGreaterThanOrEqual(0)
    for (const x of first) expect(x).toBeLessThanOrEqual(size.width)
    expect(svg).toContain('<title>&lt;b&gt;</title>')
    expect(svg).toContain('aria-label="a &lt;chart&gt;"')
  })

  test.each<[string, Chart]>([
    ['nothing', empty],
    ['one measurement', { ...empty, dots: [{ at: [3, 3], color: 0, size: 2 }] }],
    ['equal ones', { ...empty, dots: [0, 1].map((x) => ({ at: [x, 0], color: 0, size: 2 })) }],
    ['levels alone', { ...empty, levels: [{ value: 0.5, name: 'adam', color: 0 }] }],
    [
      'something that is no number',
      {
        ...empty,
        dots: [
          { at: [1, NaN], color: 0, size: 2 },
          { at: [1, 2], color: 0, size: 2 },
        ],
      },
    ],
  ])('of %s are drawings all the same', (_, chart) => {
    expect(drawChart(chart, size)).not.toMatch(/NaN|Infinity|undefined/)
  })

  test('names of levels do not overlap', () => {
    const levels = Array.from({ length: 6 }, (_, index) => ({
      value: 1 + index / 1000,
      name: `rule-${index}`,
      color: 0,
    }))
    const svg = drawChart({ ...empty, levels, y: { label: 'y', low: 0, high: 2 } }, size)
    const places = [...svg.matchAll(/y="([\d.]+)"[^>]*>rule-/g)]
      .map(([, y]) => Number(y))
      .sort((a, b) => a - b)
    expect(places).toHaveLength(6)
    for (let index = 1; index < places.length; index++)
      expect(places[index]! - places[index - 1]!).toBeGreaterThanOrEqual(13.9)
  })
})

describe('intervals', () => {
  const row = (name: string, mean: number | undefined, halfWidth?: number): IntervalRow => ({
    name,
    color: 0,
    values: mean === undefined ? [] : [mean],
    mean,
    halfWidth,
    note: 'every run failed',
  })
  const options = { width: 600, description: 'means' }

  test('single values are beside the interval, which would hide them', () => {
    const svg = drawIntervals([row('a', 0.9, 0.01)], { label: '' }, options)
    const [value, mean] = [...svg.matchAll(/<circle cx="[\d.]+" cy="([\d.]+)"/g)].map(([, y]) =>
      Number(y),
    )
    expect(value! - mean!).toBeGreaterThan(7)
  })

  test('better means are further right, in rows from the top', () => {
    const svg = drawIntervals(
      [row('a', 0.9, 0.01), row('b', 0.5, 0.3), row('c', 0.7)],
      { label: '' },
      options,
    )
    const means = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="4.6"/g)].map(
      ([, x, y]) => [Number(x), Number(y)] as const,
    )
    expect(means).toHaveLength(3)
    expect(means[0]![0]).toBeGreaterThan(means[2]![0])
    expect(means[2]![0]).toBeGreaterThan(means[1]![0])
    expect(means.map(([, y]) => y)).toEqual([...means.map(([, y]) => y)].sort((a, b) => a - b))
  })

  test('a row without a mean says why', () => {
    const svg = drawIntervals([row('a', 0.9), row('b', undefined)], { label: 'accuracy' }, options)
    expect(svg).toContain('every run failed')
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  })

  test('no row has a mean', () => {
    expect(drawIntervals([row('a', undefined)], { label: '' }, options)).not.toMatch(
      /NaN|Infinity|undefined/,
    )
  })

  test('one huge interval does not push the others together', () => {
    const svg = drawIntervals([row('a', 0.9, 1000), row('b', 0.5, 0.1)], { label: '' }, options)
    const [first, second] = [...svg.matchAll(/<circle cx="([\d.]+)"[^>]* r="4.6"/g)].map(([, x]) =>
      Number(x),
    )
    expect(first! - second!).toBeGreaterThan(150)
  })
})

test('an axis that counts has whole numbers only', () => {
  for (let high = 1; high <= 60; high++) {
    for (const count of [2, 4, 8]) {
      const { ticks } = createRuler(
        { label: '', low: 0, high, round: false, whole: true },
        [],
        count,
      )
      expect(ticks.length).toBeGreaterThan(0)
      for (const tick of ticks) expect(Number.isInteger(tick)).toBe(true)
    }
  }
})

test('every colour of a drawing has one for dark pages', () => {
  const rules = darkRules('svg')
  const colors = [
    ...Object.values(INK),
    ...Array.from({ length: lineColorCount }, (_, index) => lineColor(index).hex),
  ]
  for (const color of colors) {
    expect(rules).toContain(`svg [fill="${color}"]`)
    expect(rules).toContain(`svg [stroke="${color}"]`)
  }
})

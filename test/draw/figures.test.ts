import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawTerminal } from '../../src/draw/figure-terminal.ts'
import { drawSvg } from '../../src/draw/figure-svg.ts'
import type { Figure } from '../../src/draw/figure.ts'
import { curvesFigure, pathFigure, trainingFigure } from './sample-figures.ts'

const figures = { curves: curvesFigure, training: trainingFigure, path: pathFigure }
const ESCAPES = /\u001b\[[\d;]*m/g

/** The line `y` over 0, 1, 2, ... */
function lineFigure(ys: readonly number[], scale: 'linear' | 'logarithmic'): Figure {
  const series = [{ name: 'line', color: 0, points: ys.map((y, x) => [x, y] as const) }]
  return { title: 'a line', panels: [{ x: { label: 'x' }, y: { label: 'y', scale }, series }] }
}

describe.each(Object.entries(figures))('the figure %s', (name, figure) => {
  test('as SVG', async () => {
    await expect(drawSvg(figure)).toMatchFileSnapshot(`figures/${name}.svg`)
  })

  test('in a terminal with colours', async () => {
    await expect(drawTerminal(figure, { width: 80, color: true })).toMatchFileSnapshot(
      `figures/${name}-color.txt`,
    )
  })

  test('in a terminal without colours', async () => {
    const drawn = drawTerminal(figure, { width: 60, color: false })
    expect(drawn).not.toMatch(ESCAPES)
    await expect(drawn).toMatchFileSnapshot(`figures/${name}-plain.txt`)
  })
})

describe('any line', () => {
  const values = fc.array(fc.double(), { maxLength: 30 })
  const scales = fc.constantFrom('linear' as const, 'logarithmic' as const)

  test('gives an SVG whose coordinates are numbers of a sane size', () => {
    fc.assert(
      fc.property(values, scales, (ys, scale) => {
        const svg = drawSvg(lineFigure(ys, scale))
        expect(svg).not.toMatch(/NaN|Infinity|undefined/)
        for (const [, data = ''] of svg.matchAll(/ d="([^"]*)"/g)) {
          for (const number of data.match(/-?[\d.]+(e[+-]?\d+)?/g) ?? [])
            expect(Math.abs(Number(number))).toBeLessThan(5000)
        }
      }),
    )
  })

  test('leaves a lone point out that no frame can hold', () => {
    expect(drawSvg(lineFigure([5e303], 'linear'))).not.toContain('Infinity')
  })

  test('fits the terminal', () => {
    fc.assert(
      fc.property(
        values,
        scales,
        fc.integer({ min: 40, max: 160 }),
        fc.boolean(),
        (ys, scale, width, color) => {
          const drawn = drawTerminal(lineFigure(ys, scale), { width, color })
          for (const line of drawn.split('\n'))
            expect(line.replace(ESCAPES, '').length).toBeLessThanOrEqual(width)
        },
      ),
    )
  })
})

test('names cannot break out of the SVG', () => {
  const svg = drawSvg({ ...curvesFigure, title: '</title><script>alert("x")</script>\u0000' })
  expect(svg).not.toContain('<script')
  expect(svg).not.toContain('\u0000')
})

describe('lines that would not be told apart', () => {
  /** A figure of one panel with lines of these names and values. */
  const linesOf = (lines: Readonly<Record<string, readonly number[]>>): Figure => {
    const series = Object.entries(lines).map(([name, ys], color) => ({
      name,
      color,
      points: ys.map((y, x) => [x, y] as const),
    }))
    return { title: 'lines', panels: [{ x: { label: 'x' }, y: { label: 'y' }, series }] }
  }

  test('have signs of their own, however many there are', () => {
    const lines = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`line-${index}`, [index, 2 * index]]),
    )
    for (const color of [false, true]) {
      const drawn = drawTerminal(linesOf(lines), { width: 80, color })
      const signs = [...drawn.matchAll(/(\S+) line-\d+/g)].map(([, sign]) => sign)
      expect(signs).toHaveLength(40)
      expect(new Set(signs).size).toBe(40)
    }
  })

  test('are named together where they are equal', () => {
    const figure = linesOf({ a: [1, 2, 3], b: [3, 2, 1], c: [1, 2 + 1e-12, 3], d: [1, 2.01, 3] })
    const drawn = drawTerminal(figure, { width: 80, color: false })
    expect(drawn.trimEnd().split('\n').at(-1)).toBe('  ● a = c   ○ b   × d')
    const svg = drawSvg(figure)
    for (const name of ['a = c', 'b', 'd']) expect(svg).toContain(`>${name}<`)
    expect(svg).not.toContain('>a<')
  })

  test('are two where they differ in one panel', () => {
    const [panel] = linesOf({ a: [1, 2], b: [1, 2] }).panels
    const [other] = linesOf({ a: [1, 2], b: [1, 3] }).panels
    const drawn = drawTerminal(
      { title: 'two', panels: [panel!, other!] },
      { width: 80, color: false },
    )
    expect(drawn.trimEnd().split('\n').at(-1)).toBe('  ● a   ○ b')
  })
})

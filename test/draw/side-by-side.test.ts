import { describe, expect, it } from 'vitest'
import { drawIntervals } from '../../src/draw/intervals-svg.ts'
import { drawSideBySide } from '../../src/draw/side-by-side-svg.ts'
import { readMarkup } from '../report/markup.ts'

const drawing = (name: string, width: number) => ({
  ...{ width, height: 80, caption: `${name} & what it shows, `.repeat(8).trim() },
  svg: drawIntervals(
    [{ name, color: 0, values: [1, 2], mean: 1.5, halfWidth: 0.2 }],
    { label: 'value' },
    { width, description: name },
  ),
})

describe('drawings side by side', () => {
  const svg = drawSideBySide('Three <drawings>', [
    drawing('first', 300),
    drawing('second', 200),
    drawing('third', 400),
  ])

  it('are one whole SVG as wide as its widest row', () => {
    expect(() => readMarkup(svg)).not.toThrow()
    const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg)!.map(Number)
    expect(width).toBe(2 * 24 + 300 + 28 + 200)
    expect(height).toBeGreaterThan(2 * 80)
    expect(svg).toContain('Three &lt;drawings&gt;')
  })

  it('stand in rows of two, each with its caption in lines below it', () => {
    const places = [...svg.matchAll(/<svg x="([\d.]+)" y="([\d.]+)" width="(\d+)"/g)].map((each) =>
      each.slice(1, 4).map(Number),
    )
    expect(places.map(([x, , width]) => [x, width])).toEqual([
      [24, 300],
      [24 + 300 + 28, 200],
      [24, 400],
    ])
    expect(places[0]![1]).toBe(places[1]![1])
    expect(places[2]![1]!).toBeGreaterThan(places[0]![1]! + 80)
    const lines = [...svg.matchAll(/<text x="24" y="[\d.]+" font-size="12"[^>]*>([^<]*)</g)]
    expect(lines.length).toBeGreaterThan(4)
    expect(lines.map(([, text]) => text).join(' ')).toContain('first &amp; what it shows, first')
  })

  it('are the same for equal drawings', () => {
    expect(drawSideBySide('a', [drawing('b', 300)])).toBe(drawSideBySide('a', [drawing('b', 300)]))
  })
})

import { tickTexts } from './number-text.ts'
import { INK, lineColor } from './palette.ts'
import { coordinate, element, escapeText, pathData, textWidth } from './svg-element.ts'
import { createRuler } from './ticks.ts'
import type { Axis } from './figure.ts'

/** One line of a comparison: single measurements, their mean and its interval. */
export interface IntervalRow {
  readonly name: string
  readonly color: number
  readonly values: readonly number[]
  readonly mean: number | undefined
  readonly halfWidth: number | undefined
  /** Said where there is no mean. */
  readonly note?: string
}

/** How a comparison is drawn. */
export interface IntervalsSize {
  /** Of the whole drawing, in pixels. */
  readonly width: number
  readonly description: string
  /** A value that the others are compared with: a line down the drawing. */
  readonly reference?: number
}

const ROW = 26
const TEXT = 13
/** How far single measurements are under their mean, whose interval would hide them. */
const BELOW = 9

/** Means with intervals, one row each from the top, as an `svg` element without a ground of its own. */
export function drawIntervals(
  rows: readonly IntervalRow[],
  axis: Axis,
  { width, description, reference }: IntervalsSize,
): string {
  const left = Math.min(
    width / 2,
    Math.max(...rows.map(({ name }) => textWidth(name, TEXT))) * 1.08 + 14,
  )
  const right = 14
  const inner = width - left - right
  const ruler = createRuler(axis, valuesOf(rows, reference), Math.max(2, inner / 90))
  const at = (value: number): number =>
    left + Math.min(1.01, Math.max(-0.01, ruler.position(value))) * inner
  const bottom = 6 + rows.length * ROW
  const texts = tickTexts(ruler, axis.unit)
  const text = (content: string, attributes: Readonly<Record<string, string | number>>): string =>
    element('text', { 'font-size': TEXT - 1, fill: INK.text, ...attributes }, escapeText(content))
  const grid = ruler.ticks.flatMap((tick, index) => [
    line(at(tick), 4, at(tick), bottom, { stroke: INK.grid }),
    text(texts[index]!.replace('-', '−'), { x: at(tick), y: bottom + 16, 'text-anchor': 'middle' }),
  ])
  return element(
    'svg',
    {
      viewBox: `0 0 ${coordinate(width)} ${coordinate(bottom + (axis.label === '' ? 22 : 40))}`,
      role: 'img',
      'aria-label': description,
    },
    ...grid,
    line(left, bottom, left + inner, bottom, { stroke: INK.axis }),
    ...(reference === undefined
      ? []
      : [
          line(at(reference), 2, at(reference), bottom, {
            stroke: INK.text,
            'stroke-dasharray': '3 3',
          }),
        ]),
    ...rows.flatMap((row, index) => drawRow(row, 3 + (index + 0.5) * ROW, left, at)),
    ...(axis.label === ''
      ? []
      : [text(axis.label, { x: left + inner / 2, y: bottom + 35, 'text-anchor': 'middle' })]),
  )
}

/** Intervals as far as they do not dwarf what was measured. */
function valuesOf(rows: readonly IntervalRow[], reference: number | undefined): readonly number[] {
  const measured = [
    ...rows.flatMap(({ values, mean }) => [...values, ...(mean === undefined ? [] : [mean])]),
    ...(reference === undefined ? [] : [reference]),
  ]
  const [low, high] = [Math.min(...measured), Math.max(...measured)]
  const margin = 0.35 * (high - low)
  const ends = rows.flatMap(({ mean, halfWidth }) =>
    mean === undefined || halfWidth === undefined
      ? []
      : [Math.max(low - margin, mean - halfWidth), Math.min(high + margin, mean + halfWidth)],
  )
  return [...measured, ...ends]
}

function drawRow(
  { name, color, values, mean, halfWidth, note }: IntervalRow,
  y: number,
  left: number,
  at: (value: number) => number,
): string[] {
  const { hex } = lineColor(color)
  const label = element(
    'text',
    { x: left - 12, y: y + 4.5, 'text-anchor': 'end', 'font-size': TEXT, fill: INK.title },
    escapeText(name),
  )
  if (mean === undefined) {
    const remark = note ?? ''
    return [
      label,
      element(
        'text',
        { x: left + 8, y: y + 4, 'font-size': TEXT - 1, fill: INK.text },
        escapeText(remark),
      ),
    ]
  }
  return [
    label,
    ...values.map((value) =>
      element('circle', { cx: at(value), cy: y + BELOW, r: 2.4, fill: hex, 'fill-opacity': 0.45 }),
    ),
    ...(halfWidth === undefined
      ? []
      : [
          line(at(mean - halfWidth), y, at(mean + halfWidth), y, {
            stroke: hex,
            'stroke-width': 2.4,
          }),
          ...[mean - halfWidth, mean + halfWidth].map((end) =>
            line(at(end), y - 4, at(end), y + 4, { stroke: hex, 'stroke-width': 1.6 }),
          ),
        ]),
    element('circle', {
      cx: at(mean),
      cy: y,
      r: 4.6,
      fill: hex,
      stroke: INK.ground,
      'stroke-width': 1.2,
    }),
  ]
}

function line(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  attributes: Readonly<Record<string, string | number>>,
): string {
  return element('path', {
    d: pathData([
      [x1, y1],
      [x2, y2],
    ]),
    fill: 'none',
    ...attributes,
  })
}

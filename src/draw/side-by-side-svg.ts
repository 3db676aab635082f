import { INK } from './palette.ts'
import { FONTS } from './figure-svg.ts'
import { coordinate, element, escapeText, textWidth } from './svg-element.ts'

/** A drawing without a ground of its own, and the size that it is shown at. */
export interface SizedDrawing {
  readonly width: number
  readonly height: number
  readonly svg: string
}

const PADDING = 24
const GAP = 28
const TITLE = 19
/** Drawings beside each other. */
const MOST_COLUMNS = 2

/** Drawings in rows of two under one title, as a self-contained SVG with a ground of its own. Equal drawings give equal texts. */
export function drawSideBySide(title: string, drawings: readonly SizedDrawing[]): string {
  const rows = drawings.flatMap((_, index) =>
    index % MOST_COLUMNS === 0 ? [drawings.slice(index, index + MOST_COLUMNS)] : [],
  )
  const widthOf = (row: readonly SizedDrawing[]): number =>
    row.reduce((sum, each) => sum + each.width, (row.length - 1) * GAP)
  const width = 2 * PADDING + Math.max(textWidth(title, TITLE), ...rows.map(widthOf))
  let y = PADDING + TITLE + 18
  const parts = rows.flatMap((row) => {
    let x = PADDING
    const placed = row.map((each) => {
      const size = { x, y, width: each.width, height: each.height }
      x += each.width + GAP
      return element('svg', size, each.svg)
    })
    y += Math.max(...row.map(({ height }) => height)) + GAP / 2
    return placed
  })
  const height = y + PADDING / 2
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${coordinate(width)} ${coordinate(height)}`,
    width,
    height,
    role: 'img',
    'font-family': FONTS,
  }
  const ground = element('rect', {
    ...{ x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 10 },
    ...{ fill: INK.ground, stroke: INK.border },
  })
  const heading = element(
    'text',
    { x: PADDING, y: PADDING + 15, 'font-size': TITLE, 'font-weight': 600, fill: INK.title },
    escapeText(title),
  )
  const content = [element('title', {}, escapeText(title)), ground, heading, ...parts].join('\n')
  return `${element('svg', attributes, '\n', content, '\n')}\n`
}

import { FONTS } from './figure-svg.ts'
import { INK } from './palette.ts'
import { coordinate, element, escapeText, textWidth } from './svg-element.ts'

/** A drawing without a ground of its own, the size that it is shown at, and what it shows. */
export interface SizedDrawing {
  readonly width: number
  readonly height: number
  /** An `svg` element. */
  readonly svg: string
  readonly caption: string
}

const PADDING = 24
const GAP = 28
const TITLE = 19
const CAPTION = 12
const CAPTION_LINE = 17
/** Drawings beside each other. */
const MOST_COLUMNS = 2

/**
 * Drawings in rows of two under one title, each above its caption, as a self-contained SVG with a ground of its own. Equal drawings give
 * equal texts.
 */
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
      const drawn = placedAt(each, x, y)
      x += each.width + GAP
      return drawn
    })
    y += Math.max(...placed.map(({ height }) => height)) + GAP / 2
    return placed.map(({ svg }) => svg)
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

function placedAt(
  { width, height, svg, caption }: SizedDrawing,
  x: number,
  y: number,
): { readonly svg: string; readonly height: number } {
  const lines = wrapped(caption, width)
  // Labels at its edges stand out of a drawing, which viewers cut where nothing else is said.
  const whole = svg.replace(/^<svg /, '<svg overflow="visible" ')
  const drawing = element('svg', { x, y, width, height, overflow: 'visible' }, whole)
  const texts = lines.map((line, index) =>
    element(
      'text',
      { x, y: y + height + 14 + index * CAPTION_LINE, 'font-size': CAPTION, fill: INK.text },
      escapeText(line),
    ),
  )
  return { svg: [drawing, ...texts].join('\n'), height: height + 6 + lines.length * CAPTION_LINE }
}

/** The words in lines that are no wider, where no word is. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`
    if (lines.length > 0 && textWidth(longer, CAPTION) < width) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

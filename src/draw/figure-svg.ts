import { joinEqualLines } from './equal-lines.ts'
import { headLines, legendOf, type Figure } from './figure.ts'
import { INK, lineColor, lineDash } from './palette.ts'
import { leftMargin, type Frame } from './axes-svg.ts'
import { drawPanel } from './panel-svg.ts'
import { coordinate, element, escapeText, pathData, textWidth } from './svg-element.ts'

export const FONTS =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'Liberation Sans', Arial, sans-serif"

const PADDING = 24
const LEGEND_SIZE = 13
const LEGEND_LINE = 22

/** Width and height of the axes of one panel. */
const PLOT_SIZES = {
  one: { width: 640, height: 360 },
  several: { width: 420, height: 320 },
} as const

/** With more lines than this, a legend is easier to read than names at the lines' ends. */
const MOST_END_LABELS = 7

/**
 * The figure as a self-contained SVG: no scripts, no fonts or style sheets from elsewhere, and a ground of its own, so that
 * it can be read on light and dark pages. Equal figures give equal texts.
 */
export function drawSvg(given: Figure): string {
  const figure = joinEqualLines(given)
  const legend = legendOf(figure)
  const single = figure.panels.length === 1
  const size = single ? PLOT_SIZES.one : PLOT_SIZES.several
  const endLabels =
    single && legend.length <= MOST_END_LABELS && (figure.panels[0]?.contours ?? []).length === 0
  const right = endLabels
    ? Math.max(12, ...legend.map(({ name }) => textWidth(name, 13) * 1.08 + 8))
    : 12
  const left = figure.panels.map((panel) => leftMargin(panel, size.width, size.height) - 12)
  const width = Math.max(
    2 * PADDING +
      left.reduce((sum, margin) => sum + margin + size.width + right, 0) +
      (figure.panels.length - 1) * 12,
    2 * PADDING + textWidth(figure.title, 19),
  )

  let top = PADDING
  const parts: string[] = []
  const text = (content: string, attributes: Readonly<Record<string, string | number>>): string =>
    element('text', { x: PADDING, ...attributes }, escapeText(content))
  parts.push(
    text(figure.title, { y: top + 15, 'font-size': 19, 'font-weight': 600, fill: INK.title }),
  )
  top += 26
  if (figure.subtitle !== undefined) {
    parts.push(text(figure.subtitle, { y: top + 12, 'font-size': 13.5, fill: INK.text }))
    top += 22
  }
  if (!endLabels && legend.length > 0) {
    const drawn = drawLegend(legend, PADDING, top + 8, width - 2 * PADDING)
    parts.push(...drawn.parts)
    top += drawn.height + 8
  }
  top += 16 + 18 * Math.max(...figure.panels.map((panel) => headLines(panel).length))

  let x = PADDING
  figure.panels.forEach((panel, index) => {
    const frame: Frame = { left: x + left[index]!, top, width: size.width, height: size.height }
    parts.push(drawPanel(panel, frame, `plot-${index + 1}`, endLabels))
    x += left[index]! + size.width + right + 12
  })
  const height = top + size.height + 50 + PADDING / 2

  const ground = element('rect', {
    x: 0.5,
    y: 0.5,
    width: width - 1,
    height: height - 1,
    rx: 10,
    fill: INK.ground,
    stroke: INK.border,
  })
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${coordinate(width)} ${coordinate(height)}`,
    width,
    height,
    role: 'img',
    'font-family': FONTS,
  }
  return `${element('svg', attributes, '\n', [element('title', {}, escapeText(figure.title)), ground, ...parts].join('\n'), '\n')}\n`
}

/** Swatches and names in lines that fit the width. */
function drawLegend(
  legend: ReturnType<typeof legendOf>,
  left: number,
  top: number,
  width: number,
): { readonly parts: readonly string[]; readonly height: number } {
  let x = left
  let y = top
  const parts = legend.flatMap(({ name, color }) => {
    const needed = 26 + textWidth(name, LEGEND_SIZE) * 1.05 + 18
    if (x > left && x + needed > left + width) {
      x = left
      y += LEGEND_LINE
    }
    const swatch = element('path', {
      d: pathData([
        [x, y + 8],
        [x + 20, y + 8],
      ]),
      stroke: lineColor(color).hex,
      'stroke-width': 3,
      'stroke-linecap': 'round',
      'stroke-dasharray': lineDash(color),
    })
    const label = element(
      'text',
      { x: x + 27, y: y + 12.5, 'font-size': LEGEND_SIZE, fill: INK.title },
      escapeText(name),
    )
    x += needed
    return [swatch, label]
  })
  return { parts, height: y + LEGEND_LINE - top }
}

import { joinEqualLines } from './equal-lines.ts'
import { headLines, legendOf, type Figure, type Panel, type Series } from './figure.ts'
import { tickTexts } from './number-text.ts'
import { lineColor } from './palette.ts'
import { panelValues } from './panel-values.ts'
import { clipSegment, finiteParts, staircase, type Point, type Polyline } from './polyline.ts'
import { createCanvas, plain, type Paint, type TerminalCanvas } from './terminal-canvas.ts'
import { createRuler, type Ruler } from './ticks.ts'

/** The terminal that a figure is drawn for. */
export interface TerminalOptions {
  /** Its width in characters. */
  readonly width: number
  /** Whether colours may be used. Without them, lines are told apart by their characters. */
  readonly color: boolean
  /** Rows of one panel's axes; 14 when absent. */
  readonly height?: number
  /** Whether panels stand side by side; one below the other when absent. */
  readonly sideBySide?: boolean
}

/** Narrower than this there is no room for a line. */
const LEAST_COLUMNS = 16

/** Columns between panels side by side. */
const GAP = 2

/** What paints text. */
const COLOR = /\u001b\[[\d;]*m/g

/** How lines look where colours do not tell them apart, one after the other. */
const GLYPHS = [...'●○×+◆◇▲△■□▼▽abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ']

/** The lines of a figure as text: title, panels one below the other, legend. No line is wider than the terminal. */
export function drawTerminal(given: Figure, options: TerminalOptions): string {
  const figure = joinEqualLines(given)
  const style = createStyle(figure, options.color)
  const parts = [style.strong(figure.title)]
  if (figure.subtitle !== undefined) parts.push(style.faint(figure.subtitle))
  const { panels } = figure
  if (options.sideBySide === true) {
    const width = Math.floor((options.width + GAP) / panels.length) - GAP
    parts.push(
      '',
      ...besideEachOther(
        panels.map((panel) => drawPanel(panel, { ...options, width }, style)),
        width,
      ),
    )
  } else for (const panel of panels) parts.push('', ...drawPanel(panel, options, style))
  const legend = legendLines(figure, options.width, style)
  if (legend.length > 0) parts.push('', ...legend)
  return `${parts.map((line) => line.trimEnd()).join('\n')}\n`
}

/** Blocks of lines side by side, each `width` wide. */
function besideEachOther(blocks: readonly (readonly string[])[], width: number): string[] {
  const height = Math.max(...blocks.map((block) => block.length))
  return Array.from({ length: height }, (_, row) =>
    blocks
      .map((block) => {
        const line = block[row] ?? ''
        return line + ' '.repeat(Math.max(0, width - line.replace(COLOR, '').length))
      })
      .join(' '.repeat(GAP)),
  )
}

/** How everything in the figure is painted. */
interface Style {
  readonly strong: Paint
  readonly faint: Paint
  /** The colour of a series; the same function for the same colour number. */
  readonly line: (color: number) => Paint
  /** The character of a series where colours cannot tell it apart; undefined where dots are enough. */
  readonly glyph: (color: number) => string | undefined
}

function createStyle(figure: Figure, color: boolean): Style {
  const code =
    (start: string, end: string): Paint =>
    (text) =>
      color ? `\u001b[${start}m${text}\u001b[${end}m` : text
  const lines = new Map<number, Paint>()
  const order = legendOf(figure).map((entry) => entry.color)
  const shown = color ? new Set(order.map(lineColor)).size : 1
  return {
    strong: code('1', '22'),
    faint: code('2', '22'),
    line: (number) => {
      const known = lines.get(number) ?? code(`38;5;${lineColor(number).terminal}`, '39')
      lines.set(number, known)
      return known
    },
    glyph: (number) =>
      shown >= order.length
        ? undefined
        : GLYPHS[Math.max(0, order.indexOf(number)) % GLYPHS.length],
  }
}

function drawPanel(panel: Panel, { width, height = 14 }: TerminalOptions, style: Style): string[] {
  const { xs, ys } = panelValues(panel)
  const y = createRuler(panel.y, ys, height / 3)
  const labels = tickTexts(y, panel.y.unit)
  const margin = Math.max(...labels.map((label) => label.length)) + 1
  const columns = Math.max(LEAST_COLUMNS, width - margin - 2)
  const x = createRuler({ round: false, ...panel.x }, xs, columns / 12)

  const canvas = createCanvas(columns, height)
  drawLines(panel, canvas, x, y, style)

  const labelAt = new Map(y.ticks.map((tick, index) => [rowOf(y, tick, height), labels[index]!]))
  const heading = headLines(panel).map((line) => ' '.repeat(margin + 1) + line)
  const body = canvas.toLines().map((line, row) => {
    const label = labelAt.get(row)
    return `${style.faint(`${(label ?? '').padStart(margin)}${label === undefined ? '│' : '┤'}`)}${line}`
  })
  return [...heading, ...body, ...horizontalAxis(panel, x, columns, margin).map(style.faint)]
}

function rowOf(y: Ruler, value: number, height: number): number {
  return Math.round((1 - y.position(value)) * (height - 1))
}

function drawLines(panel: Panel, canvas: TerminalCanvas, x: Ruler, y: Ruler, style: Style): void {
  const [width, height] = [canvas.columns * 2, canvas.rows * 4]
  const place = ([px, py]: Point): Point => [
    x.position(px) * (width - 1),
    (1 - y.position(py)) * (height - 1),
  ]
  const faint: Paint = style.faint
  // Every second contour: dots are coarse, and where heights crowd they would hide the paths.
  for (const { lines } of (panel.contours ?? []).filter((_, index) => index % 2 === 0)) {
    for (const line of lines)
      trace(line.map(place), width, height, (px, py) => canvas.dot(px, py, faint))
  }
  for (const series of panel.series) {
    const paint = style.line(series.color)
    const glyph = style.glyph(series.color)
    const put = (px: number, py: number): void =>
      glyph === undefined
        ? canvas.dot(px, py, paint)
        : canvas.character(Math.floor(px / 2), Math.floor(py / 4), glyph, paint)
    const line = series.steps === true ? staircase(series.points) : series.points
    trace(line.map(place), width, height, put)
  }
  for (const series of panel.series) markEnds(series, canvas, place, style)
  for (const { at } of panel.marks ?? []) putCharacter(canvas, place(at), '✛', plain)
}

/** A ring where the paths start and a dot where each ends, as in the SVG. */
function markEnds(
  series: Series,
  canvas: TerminalCanvas,
  place: (point: Point) => Point,
  style: Style,
): void {
  if (series.ends !== true) return
  const [first, last] = [series.points[0], series.points.at(-1)]
  if (last !== undefined)
    putCharacter(canvas, place(last), style.glyph(series.color) ?? '●', style.line(series.color))
  if (first !== undefined) putCharacter(canvas, place(first), '◎', plain)
}

function putCharacter(canvas: TerminalCanvas, [x, y]: Point, text: string, paint: Paint): void {
  canvas.character(Math.floor(x / 2), Math.floor(y / 4), text, paint)
}

/** Calls `put` for every dot of the line inside the canvas. */
function trace(
  line: Polyline,
  width: number,
  height: number,
  put: (x: number, y: number) => void,
): void {
  for (const part of finiteParts(line)) {
    if (part.length === 1) put(Math.round(part[0]![0]), Math.round(part[0]![1]))
    for (let index = 1; index < part.length; index++) {
      const clipped = clipSegment(part[index - 1]!, part[index]!, [0, 0], [width - 1, height - 1])
      if (clipped === undefined) continue
      const [[fromX, fromY], [toX, toY]] = clipped
      const count = Math.max(1, Math.ceil(Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY))))
      for (let step = 0; step <= count; step++) {
        put(
          Math.round(fromX + ((toX - fromX) * step) / count),
          Math.round(fromY + ((toY - fromY) * step) / count),
        )
      }
    }
  }
}

/** The axis, its tick labels and its name. */
function horizontalAxis(panel: Panel, x: Ruler, columns: number, margin: number): string[] {
  const texts = tickTexts(x, panel.x.unit)
  const line = Array.from({ length: columns }, () => '─')
  const labels = Array.from({ length: columns + 1 }, () => ' ')
  let free = 0
  x.ticks.forEach((tick, index) => {
    const column = Math.round(x.position(tick) * (columns - 1))
    line[column] = '┬'
    const text = texts[index]!
    const start = Math.min(
      columns + 1 - text.length,
      Math.max(0, column + 1 - Math.floor(text.length / 2)),
    )
    if (start < free) return
    labels.splice(start, text.length, ...text)
    free = start + text.length + 1
  })
  const indent = ' '.repeat(margin)
  const name = panel.x.label.padStart(Math.floor((columns + panel.x.label.length) / 2))
  return [`${indent}└${line.join('')}`, indent + labels.join(''), `${indent} ${name}`]
}

function legendLines(figure: Figure, width: number, style: Style): string[] {
  const lines: { text: string; length: number }[] = []
  for (const { name, color } of legendOf(figure)) {
    const swatch = style.glyph(color) ?? '━━'
    const short = name.length + 8 > width ? `${name.slice(0, Math.max(1, width - 9))}…` : name
    const length = swatch.length + 1 + short.length
    const entry = `${style.line(color)(swatch)} ${short}`
    const last = lines.at(-1)
    if (last === undefined || last.length + 3 + length > width)
      lines.push({ text: `  ${entry}`, length: length + 2 })
    else Object.assign(last, { text: `${last.text}   ${entry}`, length: last.length + 3 + length })
  }
  return lines.map(({ text }) => text)
}

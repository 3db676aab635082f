import { showLine, visible, type ShownLine } from './render-cells.ts'
import { lineStarts, positionAt, type Source, type Span } from './source.ts'

/** A stretch of a source to underline: with `^` when it is the problem itself, with `-` when it only matters to it. */
export interface Annotation {
  readonly span: Span
  readonly label: string
  readonly primary: boolean
}

/** How the parts of a snippet are coloured. */
export interface SnippetPaint {
  readonly gutter: (text: string) => string
  readonly primary: (text: string) => string
  readonly secondary: (text: string) => string
}

/** An annotation within lines: 0-based lines, offsets within them; `to` is the last line it touches. */
interface Located extends Annotation {
  readonly from: number
  readonly to: number
  readonly start: number
  readonly end: number
}

/** Lines at the start and end of a long stretch that are shown; those between become `...`. */
/** A piece of a line is at least so wide, also where the terminal is not. */
const LEAST_COLUMNS = 8
const HEAD = 3
const TAIL = 2

/**
 * The lines of one source that hold the annotations, with a gutter of line numbers and marks below: everything after the
 * `-->` line. `numberWidth` is the width of the line numbers, `columns` of the terminal.
 */
export function renderSnippet(
  source: Source,
  annotations: readonly Annotation[],
  numberWidth: number,
  columns: number,
  paint: SnippetPaint,
): readonly string[] {
  const starts = lineStarts(source.text)
  const lineText = (line: number): string =>
    source.text
      .slice(starts[line]!, starts[line + 1] ?? source.text.length)
      .replace(/\r?\n$|\r$/, '')
  const located = annotations.map((annotation) => locate(annotation, starts, lineText))
  // One stretch over several lines is drawn with a bar at its left; of others only the first line is marked.
  const stretch = located.find(({ primary, from, to }) => primary && from < to)
  const flat = located
    .filter((item) => item !== stretch)
    .map((item) =>
      item.from < item.to ? { ...item, to: item.from, end: lineText(item.from).length } : item,
    )

  const blank = paint.gutter(`${' '.repeat(numberWidth + 2)}|`)
  const rows: string[] = [blank]
  let previous: number | undefined
  for (const line of linesToShow(flat, stretch, lineText)) {
    if (previous !== undefined && line > previous + 1) rows.push(paint.gutter('...'))
    previous = line
    const text = lineText(line)
    const here = flat.filter(({ from }) => from === line).sort((a, b) => a.start - b.start)
    const shown = showLine(
      text,
      focusOf(here, stretch, line, text),
      Math.max(LEAST_COLUMNS, columns - numberWidth - 4 - (stretch ? 2 : 0)),
    )
    const bar = stretch === undefined ? '' : barBefore(stretch, line, text, paint)
    const number = paint.gutter(` ${String(line + 1).padStart(numberWidth)} |`)
    rows.push(`${number} ${bar}${shown.text}`.trimEnd())
    const below = stretch !== undefined && line >= stretch.from && line < stretch.to
    const barBelow = stretch === undefined ? '' : below ? `${paint.primary('|')} ` : '  '
    for (const item of here) {
      const isStart = stretch !== undefined && line === stretch.from && startsLater(stretch, text)
      rows.push(`${blank} ${isStart ? '  ' : barBelow}${marks(item, shown, paint)}`)
    }
    if (stretch !== undefined) {
      const edge = stretchEdge(stretch, line, text, shown)
      if (edge !== undefined) rows.push(`${blank} ${paint.primary(edge)}`)
    }
  }
  return rows
}

function locate(
  annotation: Annotation,
  starts: readonly number[],
  lineText: (line: number) => string,
): Located {
  const first = positionAt(starts, annotation.span.start)
  const last = positionAt(starts, Math.max(annotation.span.start, annotation.span.end))
  const from = first.line - 1
  let to = last.line - 1
  let end = last.column - 1
  // A stretch that ends with line breaks ends before them.
  while (to > from && lineText(to).slice(0, end).trim() === '') {
    to--
    end = lineText(to).length
  }
  const start = Math.min(first.column - 1, lineText(from).length)
  return { ...annotation, from, to, start, end: from === to ? Math.max(start, end) : end }
}

/** Lines in order: those with annotations, a line before where an empty one is marked, and single lines between two others. */
function linesToShow(
  flat: readonly Located[],
  stretch: Located | undefined,
  lineText: (line: number) => string,
): readonly number[] {
  const lines = new Set<number>()
  for (const { from } of flat) {
    lines.add(from)
    if (lineText(from).trim() === '') {
      let before = from - 1
      while (before >= 0 && lineText(before).trim() === '') before--
      if (before >= 0) lines.add(before)
    }
  }
  if (stretch !== undefined) {
    const length = stretch.to - stretch.from + 1
    const folded = length > HEAD + TAIL + 1
    for (let index = 0; index < length; index++)
      if (!folded || index < HEAD || index >= length - TAIL) lines.add(stretch.from + index)
  }
  const sorted = [...lines].sort((a, b) => a - b)
  return sorted.flatMap((line, index) =>
    sorted[index + 1] === line + 2 ? [line, line + 1] : [line],
  )
}

/** What must stay visible of a line that is too long. */
function focusOf(
  here: readonly Located[],
  stretch: Located | undefined,
  line: number,
  text: string,
): Span {
  const item = here.find(({ primary }) => primary) ?? here[0]
  if (item !== undefined) return { start: item.start, end: item.end }
  if (stretch?.from === line) return { start: stretch.start, end: stretch.start }
  if (stretch?.to === line) return { start: Math.max(0, stretch.end - 1), end: stretch.end }
  return { start: 0, end: Math.min(1, text.length) }
}

function marks(item: Located, shown: ShownLine, paint: SnippetPaint): string {
  const start = shown.columnOf(item.start)
  const length = Math.max(1, shown.columnOf(item.end) - start)
  const text = `${(item.primary ? '^' : '-').repeat(length)} ${visible(item.label)}`.trimEnd()
  return ' '.repeat(start) + (item.primary ? paint.primary : paint.secondary)(text)
}

/** Whether text stands before the stretch on its first line, so that its start has to be pointed at. */
function startsLater(stretch: Located, text: string): boolean {
  return text.slice(0, stretch.start).trim() !== ''
}

function barBefore(stretch: Located, line: number, text: string, paint: SnippetPaint): string {
  if (line === stretch.from && !startsLater(stretch, text)) return `${paint.primary('/')} `
  return line > stretch.from && line <= stretch.to ? `${paint.primary('|')} ` : '  '
}

function stretchEdge(
  stretch: Located,
  line: number,
  text: string,
  shown: ShownLine,
): string | undefined {
  if (line === stretch.from && startsLater(stretch, text))
    return ` ${'_'.repeat(1 + shown.columnOf(stretch.start))}^`
  if (line !== stretch.to) return undefined
  const column = Math.max(0, shown.columnOf(stretch.end) - 1)
  return `|${'_'.repeat(1 + column)}^ ${visible(stretch.label)}`.trimEnd()
}

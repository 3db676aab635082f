/** What a terminal shows for a piece of a line: `text`, `width` columns wide, made of the UTF-16 units [start, end). */
export interface Cell {
  readonly text: string
  readonly width: number
  readonly start: number
  readonly end: number
}

const TAB = 4
/** Characters that show nothing, move the cursor or turn the direction of the text. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/
/** East Asian Wide and Fullwidth (Unicode Standard Annex 11), by script and block. */
const WIDE =
  /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Yi}\u3000-\u303e\u3300-\u33ff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]/u
const HALF_WIDTH = /^[\uff61-\uffdc\uffe8-\uffee]/
const EMOJI = /^(?:\p{Emoji_Presentation}|\p{Regional_Indicator}{2}|.\ufe0f)/u
const PICTOGRAPH = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u
/** Marks without a width of their own; spacing marks have one and can stand alone. */
const COMBINING = /^[\p{Mn}\p{Me}]/u

let segmenter: Intl.Segmenter | undefined

/**
 * The cells of a line (or part of one) without its line break: a tab reaches to the next multiple of 4 columns, an
 * invisible character is shown as `<U+200B>`, a character with its combining marks is one cell.
 */
export function cellsOf(line: string): readonly Cell[] {
  const cells: Cell[] = []
  let column = 0
  const add = (text: string, width: number, start: number, end: number): void => {
    cells.push({ text, width, start, end })
    column += width
  }
  if (PRINTABLE_ASCII.test(line)) {
    for (let index = 0; index < line.length; index++) add(line[index]!, 1, index, index + 1)
    return cells
  }
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  for (const { segment, index } of segmenter.segment(line)) {
    const end = index + segment.length
    if (segment === '\t') {
      const width = TAB - (column % TAB)
      add(' '.repeat(width), width, index, end)
    } else if (INVISIBLE.test(segment) && !PICTOGRAPH.test(segment)) {
      let offset = index
      for (const character of segment) {
        const text = showInvisible(character)
        add(text, widthOf(text), offset, offset + character.length)
        offset += character.length
      }
    } else if (COMBINING.test(segment)) add(`\u25cc${segment}`, 1, index, end)
    else add(segment, widthOf(segment), index, end)
  }
  return cells
}

function widthOf(grapheme: string): number {
  if (PRINTABLE_ASCII.test(grapheme)) return grapheme.length
  if (HALF_WIDTH.test(grapheme)) return 1
  return WIDE.test(grapheme) || EMOJI.test(grapheme) ? 2 : 1
}

function showInvisible(character: string): string {
  if (!INVISIBLE.test(character)) return character
  const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
  return `<U+${code}>`
}

/** `text` with everything invisible in it made visible, so that a terminal cannot be made to do or hide anything; line breaks stay. */
export function visible(text: string): string {
  return PRINTABLE_ASCII.test(text)
    ? text
    : text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) =>
        character === '\n' ? character : showInvisible(character),
      )
}

/** How many columns `text` takes in a terminal. */
export function displayWidth(text: string): number {
  return cellsOf(text).reduce((sum, { width }) => sum + width, 0)
}

/** Part of a line as it is shown, and the columns of its offsets. */
export interface ShownLine {
  readonly text: string
  /** The column, from 0, of an offset in the line; that of the nearer edge when the offset is cut away. */
  readonly columnOf: (offset: number) => number
  /** Columns taken. */
  readonly width: number
}

const CUT = '…'
/** How much of a line is looked at when it is far too long to show. */
const READ_BEFORE = 500
const READ_AFTER = 2000

/** Shows `line`, or the part of it around `focus` (an offset range in it) that fits into `available` columns. */
export function showLine(
  line: string,
  focus: { readonly start: number; readonly end: number },
  available: number,
): ShownLine {
  const from = line.length > READ_AFTER ? Math.max(0, focus.start - READ_BEFORE) : 0
  const to = line.length > READ_AFTER ? Math.min(line.length, from + READ_AFTER) : line.length
  const cells = cellsOf(line.slice(from, to))
  const columns = columnsOf(cells)
  const total = columns[cells.length]!
  let first = 0
  let last = cells.length
  if (total > available || from > 0 || to < line.length) {
    const focusStart = columns[indexOf(cells, focus.start - from)]!
    const focusEnd = columns[indexOf(cells, focus.end - from)]!
    const spare = Math.max(0, available - 2 - (focusEnd - focusStart))
    // A third of the room goes before the span, what the end of the line leaves over as well.
    const before = Math.max(spare / 3, spare - (total - focusEnd))
    while (first < cells.length && columns[first + 1]! <= focusStart - before) first++
    while (last > first + 1 && columns[last]! - columns[first]! > available - 2) last--
  }
  const cutBefore = first > 0 || from > 0
  const cutAfter = last < cells.length || to < line.length
  const shift = (cutBefore ? 1 : 0) - columns[first]!
  const shown = cells.slice(first, last).map(({ text }) => text)
  return {
    text: (cutBefore ? CUT : '') + shown.join('') + (cutAfter ? CUT : ''),
    columnOf: (offset) =>
      columns[Math.min(Math.max(indexOf(cells, offset - from), first), last)]! + shift,
    width: columns[last]! + shift + (cutAfter ? 1 : 0),
  }
}

/** The column at which each cell starts, and that at which the last one ends. */
function columnsOf(cells: readonly Cell[]): readonly number[] {
  const columns = [0]
  for (const { width } of cells) columns.push(columns.at(-1)! + width)
  return columns
}

/** The first cell that ends after `offset`; the number of cells when there is none. */
function indexOf(cells: readonly Cell[], offset: number): number {
  let low = 0
  let high = cells.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (cells[middle]!.end <= offset) low = middle + 1
    else high = middle
  }
  return low
}

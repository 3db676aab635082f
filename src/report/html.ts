import { element, escapeText } from '../draw/svg-element.ts'

/** A part of the page under a heading of its own. */
export interface Section {
  readonly id: string
  readonly title: string
  /** Markup; every element closed, so that the page is also XML. */
  readonly body: string
}

/** An element with its content. */
export function tag(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  ...content: readonly string[]
): string {
  // HTML closes `<div/>` only at its parent's end.
  return element(name, attributes, content.join(''))
}

/** A paragraph of text, escaped; `kind` is a class. */
export function paragraph(text: string, kind?: string): string {
  return tag('p', { class: kind }, escapeText(text))
}

/** A drawing with a caption of text; a `wide` one is scrolled where the page is too narrow for it. */
export function figure(drawing: string, caption: string, kind?: string): string {
  const shown = kind === 'wide' ? tag('div', { class: 'scroll' }, drawing) : drawing
  return tag('figure', { class: kind }, shown, tag('figcaption', {}, escapeText(caption)))
}

/** A cell: text that is escaped, or markup as it is. */
export type Cell = string | { readonly markup: string }

/** A cell with a name and, where there are some, the words that say what it means. */
export function namedCell(name: string, words: string | undefined): Cell {
  if (words === undefined) return name
  return { markup: `${escapeText(name)} ${tag('small', {}, escapeText(words))}` }
}

/** A column: its heading, and whether it holds numbers. */
export interface Column {
  readonly title: string
  readonly isNumber?: true
}

/** With more columns than this, a table is a list of cards where the page is narrow. */
const MOST_NARROW_COLUMNS = 3

/** A table; lines of `marked` numbers are set off. Every cell knows the heading of its column, which a card shows beside it. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  marked: ReadonlySet<number> = new Set(),
): string {
  const isWide = columns.length > MOST_NARROW_COLUMNS
  const kind = ({ isNumber }: Column): { class: string | undefined } => ({
    class: isNumber === true ? 'number' : undefined,
  })
  const titled = ({ title }: Column): { 'data-title'?: string } =>
    isWide && title !== '' ? { 'data-title': title } : {}
  const markup = (cell: Cell): string => (typeof cell === 'string' ? escapeText(cell) : cell.markup)
  return tag(
    'div',
    { class: 'scroll' },
    tag(
      'table',
      { class: isWide ? 'cards' : undefined },
      tag(
        'thead',
        {},
        tag(
          'tr',
          {},
          ...columns.map((column) => tag('th', kind(column), escapeText(column.title))),
        ),
      ),
      tag(
        'tbody',
        {},
        ...rows.map((row, index) =>
          tag(
            'tr',
            { class: marked.has(index) ? 'marked' : undefined },
            ...row.map((cell, index) => {
              const column = columns[index]!
              return tag('td', { ...kind(column), ...titled(column) }, markup(cell))
            }),
          ),
        ),
      ),
    ),
  )
}

/** A share of a whole as a bar, for the cells of tables; `share` from 0 to 1. */
export function bar(share: number, color: number): Cell {
  const width = `${(100 * Math.min(1, Math.max(0, share))).toFixed(1)}%`
  return {
    markup: tag(
      'span',
      { class: 'bar' },
      tag('i', { class: `c${color}`, style: `width:${width}` }, ''),
    ),
  }
}

/** Text that is hidden until it is asked for. */
export function details(summary: string, content: string): string {
  return tag('details', {}, tag('summary', {}, escapeText(summary)), content)
}

export { escapeText }

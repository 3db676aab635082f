import { readBlocks, type Block } from './blocks.ts'

export interface TerminalOptions {
  /** The width that lines are broken to, where they can be. */
  readonly columns: number
  /** Sets a heading apart; it stays as it is where absent. */
  readonly heading?: (text: string) => string
}

/** A page as lines for a terminal: code moved to the right, tables in columns, links as their texts. */
export function terminalText(
  markdown: string,
  { columns, heading = (text) => text }: TerminalOptions,
): string {
  return readBlocks(markdown)
    .map((block) => blockText(block, columns, heading))
    .join('\n\n')
}

function blockText(block: Block, columns: number, heading: (text: string) => string): string {
  switch (block.kind) {
    case 'heading':
      return heading(plain(block.text))
    case 'paragraph':
      return block.lines.map((line) => wrap(plain(line), columns)).join('\n')
    case 'list':
      return block.items
        .map((item) => `* ${indent(wrap(plain(item), columns - 2), '  ').trimStart()}`)
        .join('\n')
    case 'code':
      return indent(block.text)
    case 'table':
      return tableText(block.rows, columns)
  }
}

/** Code and formulas within a line, which no other sign reaches into. */
const VERBATIM = /``+ .*? ``+|`[^`]*`|\$[^$]*\$/g
/** What stands for such a piece while the others are looked for. */
const HELD = /\0/g

/** Text within a line without its links and stress; code keeps its signs, as in all messages. */
function plain(text: string): string {
  const held = text.match(VERBATIM) ?? []
  let next = 0
  return text
    .replace(VERBATIM, '\0')
    .replace(/\*\*([^*]+)\*\*/g, '$1')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(HELD, () => held[next++]!)
}

const GAP = 2
const LEAST_COLUMN = 16

/** All columns but the last are as wide as what is in them; the last one's text is broken. */
function tableText(rows: readonly (readonly string[])[], columns: number): string {
  const cells = rows.map((row) => row.map(plain))
  const count = cells[0]!.length
  const widths = Array.from({ length: count - 1 }, (_, column) =>
    Math.max(...cells.map((row) => (row[column] ?? '').length)),
  )
  const before = widths.reduce((sum, width) => sum + width + GAP, 0)
  const room = Math.max(columns - before, LEAST_COLUMN)
  const lines = cells.map((row) => {
    const head = widths.map((width, column) => (row[column] ?? '').padEnd(width + GAP)).join('')
    const last = indent(wrap(row[count - 1] ?? '', room), ' '.repeat(before))
    return `${head}${last.slice(before)}`.trimEnd()
  })
  const widest = Math.max(
    ...lines
      .join('\n')
      .split('\n')
      .map((line) => line.length),
  )
  const ruler = '-'.repeat(widest)
  return [lines[0]!, ruler, ...lines.slice(1)].join('\n')
}

/** Text broken at blanks to lines of at most `columns`. */
function wrap(text: string, columns: number): string {
  const rows: string[] = []
  let row = ''
  for (const word of text.split(' ')) {
    if (row !== '' && row.length + 1 + word.length > columns) {
      rows.push(row)
      row = word
    } else row = row === '' ? word : `${row} ${word}`
  }
  return [...rows, row].join('\n')
}

/** The lines of a text moved to the right. */
function indent(text: string, by = '    '): string {
  return text.replace(/^(?=.)/gm, by)
}

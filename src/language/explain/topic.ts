/** Something that can be explained. */
export interface Topic {
  /** What it is asked for by. */
  readonly name: string
  /** The heading it is listed under. */
  readonly group: string
  /** One line. */
  readonly summary: string
  /** The page, without its heading; lines within `columns` where they can be broken. */
  readonly page: (columns: number) => string
}

/** A group whose topics are found and not listed: second names of others. */
export const HIDDEN = ''

/** Paragraphs broken at blanks to lines of at most `columns`; an indented line starts a line of its own. */
export function wrap(text: string, columns: number): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, columns))
    .join('\n')
}

function wrapLine(line: string, columns: number): string {
  const rows: string[] = []
  let row = ''
  for (const word of line.split(' ')) {
    if (row !== '' && row.length + 1 + word.length > columns) {
      rows.push(row)
      row = word
    } else row = row === '' && rows.length === 0 ? word : row === '' ? word : `${row} ${word}`
  }
  return [...rows, row].join('\n')
}

/** The lines of a text moved to the right. */
export function indent(text: string, by = '    '): string {
  return text.replace(/^(?=.)/gm, by)
}

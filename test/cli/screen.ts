/** What a terminal shows after text was written to it: as much of one as a panel needs. */
export interface Screen {
  readonly write: (text: string) => void
  /** The lines shown, without colours and blanks at their ends. */
  readonly text: () => string
  /** Lines that have been written on, from the top; the cursor stands in one of them. */
  readonly height: () => number
}

/** An empty screen of that width without a bottom. */
export function createScreen(columns: number): Screen {
  const lines: string[][] = [[]]
  let row = 0
  let column = 0
  const put = (character: string): void => {
    if (column === columns) newLine()
    lines[row]![column++] = character
  }
  const newLine = (): void => {
    row += 1
    column = 0
    while (lines.length <= row) lines.push([])
  }
  const control = (final: string, amount: number): void => {
    if (final === 'A') row = Math.max(0, row - amount)
    else if (final === 'K') lines[row]!.length = Math.min(lines[row]!.length, column)
    else if (final === 'J') {
      lines[row]!.length = Math.min(lines[row]!.length, column)
      lines.length = row + 1
    } else if (final !== 'm') throw new Error(`the screen does not know ${final}`)
  }
  return {
    write: (text) => {
      for (const [part, amount, final] of text.matchAll(/\u001b\[([\d;]*)([A-Za-z])|[^]/gu)) {
        if (final !== undefined) control(final, Number(amount || 1))
        else if (part === '\n') newLine()
        else if (part === '\r') column = 0
        else put(part)
      }
    },
    text: () =>
      lines
        .map((line) =>
          Array.from(line, (character) => character ?? ' ')
            .join('')
            .trimEnd(),
        )
        .join('\n'),
    height: () => lines.length,
  }
}

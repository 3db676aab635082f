import { stripVTControlCharacters } from 'node:util'
import type { TextStream } from './world.ts'

/** Lines at the end of a terminal that are drawn again in their place. */
export interface RedrawnLines {
  /** Shows `lines` where the last ones were: fewer than the terminal's rows, each narrower than it. */
  readonly draw: (lines: readonly string[]) => void
  /** Writes a line above them; they are gone until they are drawn again. */
  readonly log: (line: string) => void
  /** Takes them away. */
  readonly clear: () => void
  /** Leaves them there: what is drawn next comes below. */
  readonly leave: () => void
}

/** Until something is known of a terminal it has this width. */
const USUAL_COLUMNS = 80

/** Nothing is shown at first. The cursor is left below the lines and never hidden, so that a process may end at any time. */
export function createRedrawnLines(terminal: TextStream): RedrawnLines {
  let shown: string | undefined
  let shownColumns = 0
  let widths: readonly number[] = []

  /** Moves to where the first line begins. */
  const back = (columns: number): string => {
    // Lines that the terminal has become too narrow for take several of its own.
    const up = widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0)
    return up === 0 ? '' : `\r\u001b[${up}A`
  }
  const columnsNow = (): number => terminal.columns ?? USUAL_COLUMNS
  const forget = (): void => {
    shown = undefined
    widths = []
  }
  return {
    draw: (lines) => {
      const columns = columnsNow()
      const text = lines.map((line) => `${line}\u001b[K\n`).join('')
      if (text === shown) return
      // Terminals remember which lines they have broken, until they are cleared.
      const clear = columns === shownColumns ? '' : '\u001b[J'
      // In one piece, so that no half of it is ever seen.
      terminal.write(`${back(columns)}${clear}${text}\u001b[J`)
      shownColumns = columns
      shown = text
      widths = lines.map((line) => stripVTControlCharacters(line).length)
    },
    log: (line) => {
      terminal.write(`${back(columnsNow())}\u001b[J${line}\n`)
      forget()
    },
    clear: () => {
      if (widths.length > 0) terminal.write(`${back(columnsNow())}\u001b[J`)
      forget()
    },
    leave: forget,
  }
}

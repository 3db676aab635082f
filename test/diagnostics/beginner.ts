/** A file as somebody writes it who comes from another language, with one thing in it that is written otherwise here. */
export interface Beginner {
  readonly text: string
  readonly code: string
  /** What its message and its help say, among other things. */
  readonly says: string
  /** The line to write, where an edit is offered: the file with the edit made holds it. */
  readonly write?: string
}

export const row = (text: string, code: string, says: string, write?: string): Beginner => ({
  text: `${text}\n`,
  code,
  says,
  ...(write !== undefined && { write }),
})

export const M = 'state m = 0\n'
export const AVERAGED = `${M}m = 0.9 * m + 0.1 * g\n`

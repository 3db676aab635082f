import type { IToken } from '../../grammar/tokens.ts'

/** What is said where a type is written. */
export const NO_TYPES = 'types are not written; the compiler works them out'

/** Whether the token was written in the text: neither made up by the layout nor the end of the file. */
export function isWritten({ image, startOffset }: IToken): boolean {
  return image !== '' && !Number.isNaN(startOffset)
}

/** The first line of a text, cut where it is long, as messages show it. */
export function quote(text: string): string {
  const line = text.split(/[\n\r]/, 1)[0]!
  return `\`${line.length > 40 ? `${line.slice(0, 37)}...` : line}\``
}

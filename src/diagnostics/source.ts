/** A text with the path it is shown under. */
export interface Source {
  readonly path: string
  readonly text: string
}

/** A half-open range of UTF-16 offsets in a source's text. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A place people can find: 1-based line and column (in UTF-16 units). */
export interface Position {
  readonly line: number
  readonly column: number
}

/** The offset at which the line that `offset` is on starts. */
export function lineStart(text: string, offset: number): number {
  let start = offset
  while (start > 0 && !isLineEnd(text.charCodeAt(start - 1))) start -= 1
  return start
}

const isLineEnd = (code: number): boolean => code === 10 || code === 13

/** The offset at which each line of `text` starts; lines end at \n, \r\n or \r. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let offset = 0; offset < text.length; offset++) {
    const character = text[offset]
    if (character === '\n' || (character === '\r' && text[offset + 1] !== '\n'))
      starts.push(offset + 1)
  }
  return starts
}

/** The position of `offset`, given the `starts` of lineStarts. */
export function positionAt(starts: readonly number[], offset: number): Position {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: offset - starts[low]! + 1 }
}

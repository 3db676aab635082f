import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** What has come to a file of lines since it was looked at last. */
export interface Growth {
  /** Whole lines, each with its end. */
  readonly text: string
  /** Whether the file is another one than before, so that what it gave earlier no longer counts. */
  readonly isAnew: boolean
}

/**
 * Looks at a file that is only ever appended to, but for a torn last line; undefined when nothing whole has come. A file that
 * is shorter than before, another one, or gone is read from its beginning.
 */
export function followFile(path: string): () => Growth | undefined {
  let whole = 0
  let inode = 0
  let hasBegun = false
  const anew = (text: string): Growth | undefined => {
    const isAnew = hasBegun
    hasBegun = text !== ''
    return isAnew || text !== '' ? { text, isAnew } : undefined
  }
  return () => {
    let descriptor: number
    try {
      descriptor = openSync(path, 'r')
    } catch {
      whole = 0
      return hasBegun ? anew('') : undefined
    }
    try {
      const { size, ino } = fstatSync(descriptor)
      const isOther = ino !== inode || size < whole
      if (isOther) whole = 0
      inode = ino
      const bytes = readFrom(descriptor, whole, size)
      const length = bytes.lastIndexOf('\n') + 1
      const text = bytes.toString('utf8', 0, length)
      whole += length
      if (isOther) return anew(text)
      hasBegun ||= text !== ''
      return text === '' ? undefined : { text, isAnew: false }
    } finally {
      closeSync(descriptor)
    }
  }
}

function readFrom(descriptor: number, start: number, end: number): Buffer {
  const bytes = Buffer.alloc(end - start)
  let filled = 0
  while (filled < bytes.length) {
    const count = readSync(descriptor, bytes, filled, bytes.length - filled, start + filled)
    if (count === 0) break
    filled += count
  }
  return bytes.subarray(0, filled)
}

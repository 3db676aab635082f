import type { TextStream } from './world.ts'

/**
 * A stream of the process as a command sees it. One that nobody reads any more takes no text, and asks the command to end. A
 * terminal that does not know its size says 0, and then it has none.
 */
export function textStream(stream: NodeJS.WriteStream, stop: AbortController): TextStream {
  let open = true
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    open = false
    stop.abort()
  })
  const known = (size: number): number | undefined => (stream.isTTY && size > 0 ? size : undefined)
  return {
    write: (text) => {
      if (open) stream.write(text)
    },
    isTerminal: stream.isTTY,
    get columns() {
      return known(stream.columns)
    },
    get rows() {
      return known(stream.rows)
    },
  }
}

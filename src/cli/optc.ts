import { exitCodes } from './failure.ts'
import type { Host, TextStream } from './host.ts'
import { endsItself, runCli } from './run-cli.ts'

/** The program: runs the command line it was called with in this process, and ends the process. */
export function main(): void {
  const argv = process.argv.slice(2)
  const stop = new AbortController()
  // Where there is nothing to save, the system ends the process, which a listener of its own could not do while it is busy.
  if (endsItself(argv))
    process.on('SIGINT', () => {
      if (stop.signal.aborted) process.exit(exitCodes.interrupted)
      stop.abort()
    })
  void runCli(argv, createHost(stop)).then((exitCode) => {
    // Workers and native libraries may keep the process alive; what was written goes out first.
    process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)))
  })
}

function createHost(stop: AbortController): Host {
  return {
    cwd: process.cwd(),
    env: process.env,
    readStdin: async () => {
      if (process.stdin.isTTY) process.stderr.write('reading from the keyboard; Ctrl-D ends\n')
      const chunks: Uint8Array[] = []
      for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array)
      return Buffer.concat(chunks)
    },
    stdout: textStream(process.stdout, stop),
    stderr: textStream(process.stderr, stop),
    signal: stop.signal,
    now: () => performance.now(),
  }
}

/** A stream that nobody reads any more takes no text, and asks the command to end. */
function textStream(stream: NodeJS.WriteStream, stop: AbortController): TextStream {
  let open = true
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    open = false
    stop.abort()
  })
  return {
    write: (text) => {
      if (open) stream.write(text)
    },
    isTerminal: stream.isTTY,
    get columns() {
      // Some terminals say 0: they do not know.
      return stream.isTTY ? stream.columns || undefined : undefined
    },
    get rows() {
      return stream.isTTY ? stream.rows || undefined : undefined
    },
  }
}

import { exitCodes } from './failure.ts'
import type { World } from './world.ts'
import { endsItself, runCli } from './run-cli.ts'
import { textStream } from './text-stream.ts'

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

function createHost(stop: AbortController): World {
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

import { serveOnStdio } from '../../lsp/stdio.ts'
import type { Invocation } from '../command.ts'

/** `optc lsp`: the language server over standard input and output. The client ends it. */
export function run({ world }: Invocation<object>): Promise<number> {
  serveOnStdio(world.cwd)
  // What is left of the process belongs to the connection, which ends it with the client.
  return new Promise(() => undefined)
}

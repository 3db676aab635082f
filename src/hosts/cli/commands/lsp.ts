import { createConnection } from 'vscode-languageserver/node'
import { nodeFiles } from '../../lsp/node-files.ts'
import { startServer } from '../../lsp/server.ts'
import type { Invocation } from '../command.ts'
import { packageVersion } from '../package.ts'

/** `optc lsp`: the language server over standard input and output. The client ends it. */
export function run({ world }: Invocation<object>): Promise<number> {
  const connection = createConnection(process.stdin, process.stdout)
  startServer(connection, nodeFiles(world.cwd), packageVersion())
  // What is left of the process belongs to the connection, which ends it with the client.
  return new Promise(() => undefined)
}

import { createConnection } from 'vscode-languageserver/node'
import { packageVersion } from '../cli/package.ts'
import { nodeFiles } from './node-files.ts'
import { startServer } from './server.ts'

/** Answers a client over standard input and output, which ends this process when it is done. */
export function serveOnStdio(cwd: string): void {
  startServer(createConnection(process.stdin, process.stdout), nodeFiles(cwd), packageVersion())
}

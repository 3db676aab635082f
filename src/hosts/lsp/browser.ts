import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
} from 'vscode-languageserver/browser'
import { memoryFiles } from './memory-files.ts'
import { startServer } from './server.ts'

/** Answers a client in the page that has started the worker of `port`, with the given texts of the standard library by their names. */
export function serveInWorker(
  port: MessagePort | Worker,
  library: Readonly<Record<string, string>>,
  version: string,
): void {
  startServer(
    createConnection(new BrowserMessageReader(port), new BrowserMessageWriter(port)),
    memoryFiles({}, library),
    version,
  )
}

import { PassThrough } from 'node:stream'
import { standardLibrary } from '../../src/library/standard-library.ts'
import {
  createConnection,
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  InitializedNotification,
  InitializeRequest,
  PublishDiagnosticsNotification,
  StreamMessageReader,
  StreamMessageWriter,
  type ClientCapabilities,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver/node'
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver'
import type { Files } from '../../src/hosts/lsp/files.ts'
import { memoryFiles } from '../../src/hosts/lsp/memory-files.ts'
import { startServer } from '../../src/hosts/lsp/server.ts'

/** What editors of today can do. */
export const MODERN: ClientCapabilities = {
  textDocument: {
    definition: { linkSupport: true },
    completion: { completionItem: { snippetSupport: true } },
    codeAction: {
      dataSupport: true,
      resolveSupport: { properties: ['edit'] },
      codeActionLiteralSupport: { codeActionKind: { valueSet: [] } },
    },
  },
}

/** A client that speaks to a server over two streams, through the protocol's own library. */
export interface Client {
  readonly connection: ProtocolConnection
  readonly open: (uri: string, text: string) => Promise<void>
  readonly change: (
    uri: string,
    version: number,
    ...changes: readonly TextDocumentContentChangeEvent[]
  ) => Promise<void>
  /** The next problems that the server tells of a document. */
  readonly problems: (uri: string) => Promise<PublishDiagnosticsParams>
  readonly stop: () => void
}

/** Files in memory beside the standard library. */
export function filesOf(texts: Readonly<Record<string, string>>): Files {
  return memoryFiles(texts, standardLibrary)
}

/** A client of a server of its own. */
export async function startClient(
  files: Files,
  capabilities: ClientCapabilities = MODERN,
): Promise<Client> {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()]
  startServer(
    createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)),
    files,
    '0',
  )
  const connection = createProtocolConnection(
    new StreamMessageReader(toClient),
    new StreamMessageWriter(toServer),
  )
  const waiting = new Map<string, ((params: PublishDiagnosticsParams) => void)[]>()
  connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
    for (const tell of waiting.get(params.uri) ?? []) tell(params)
    waiting.delete(params.uri)
  })
  connection.listen()
  await connection.sendRequest(InitializeRequest.type, {
    processId: null,
    rootUri: null,
    workspaceFolders: null,
    capabilities,
  })
  await connection.sendNotification(InitializedNotification.type, {})
  return {
    connection,
    open: (uri, text) =>
      connection.sendNotification(DidOpenTextDocumentNotification.type, {
        textDocument: { uri, languageId: 'opt', version: 1, text },
      }),
    change: (uri, version, ...contentChanges) =>
      connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri, version },
        contentChanges: [...contentChanges],
      }),
    problems: (uri) =>
      new Promise((resolve) => {
        waiting.set(uri, [...(waiting.get(uri) ?? []), resolve])
      }),
    stop: () => {
      connection.dispose()
      toServer.destroy()
      toClient.destroy()
    },
  }
}

import {
  ConnectionError,
  DidChangeWatchedFilesNotification,
  TextDocuments,
  TextDocumentSyncKind,
  type ClientCapabilities,
  type Connection,
  type InitializeResult,
  type PublishDiagnosticsParams,
  type ServerCapabilities,
} from 'vscode-languageserver'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { tokenModifiers, tokenTypes } from '../../language/editor/semantic-tokens.ts'
import { actionKinds, createActions } from './actions.ts'
import { createAnswers } from './answer.ts'
import { commandNames, runCommand } from './commands.ts'
import type { Files } from './files.ts'
import { diagnosticOf } from './protocol.ts'
import * as questions from './questions.ts'
import { createSession, type Session } from './session.ts'

const CAPABILITIES: ServerCapabilities = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  renameProvider: { prepareProvider: true },
  completionProvider: { triggerCharacters: ['(', ',', '"', '/', '{', '='], resolveProvider: true },
  signatureHelpProvider: { triggerCharacters: ['(', ','], retriggerCharacters: ['='] },
  documentSymbolProvider: true,
  workspaceSymbolProvider: true,
  foldingRangeProvider: true,
  semanticTokensProvider: {
    legend: { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] },
    full: true,
    range: true,
  },
  inlayHintProvider: true,
  documentFormattingProvider: true,
  codeActionProvider: { codeActionKinds: actionKinds, resolveProvider: true },
  executeCommandProvider: { commands: [...commandNames] },
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
}

/** Answers a client over `connection`, which is listened to from then on. `version` is that of the package. */
export function startServer(connection: Connection, files: Files, version: string): void {
  const documents = new TextDocuments(TextDocument)
  const session = createSession(documents, files)
  let capabilities: ClientCapabilities = {}
  connection.onInitialize((params): InitializeResult => {
    ;({ capabilities } = params)
    const folders = params.workspaceFolders?.map(({ uri }) => uri) ?? []
    files.open(
      folders.length > 0 ? folders : typeof params.rootUri === 'string' ? [params.rootUri] : [],
    )
    answerActions(connection, session, capabilities)
    return { capabilities: CAPABILITIES, serverInfo: { name: 'optc', version } }
  })
  connection.onInitialized(() => {
    if (capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true)
      void connection.client
        .register(DidChangeWatchedFilesNotification.type, {
          watchers: [{ globPattern: '**/*.opt' }],
        })
        .catch(() => undefined)
  })
  publishDiagnostics(connection, documents, session)
  answerQuestions(connection, session, () => capabilities)
  documents.listen(connection)
  connection.listen()
}

/** How long after a change problems are looked for, in milliseconds: who types on asks for none. */
const DELAY = 60

function publishDiagnostics(
  connection: Connection,
  documents: TextDocuments<TextDocument>,
  session: Session,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const { tell, guard } = createTelling(connection)
  const publish = (): void => {
    timer = undefined
    for (const uri of session.openUris()) {
      const { document, analysis } = session.opened(uri)
      const { version } = document
      const diagnostics = analysis.diagnostics.map((each) => diagnosticOf(session, document, each))
      tell({ uri, version, diagnostics })
    }
  }
  const later = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => guard(publish), DELAY)
  }
  documents.onDidChangeContent(({ document }) => {
    session.changed(document.uri)
    later()
  })
  documents.onDidClose(({ document }) => {
    session.changed(document.uri)
    tell({ uri: document.uri, diagnostics: [] })
    later()
  })
  connection.onDidChangeWatchedFiles(() => {
    session.files.forget()
    session.changed()
    later()
  })
  connection.onShutdown(() => clearTimeout(timer))
}

/** Ways to work and to tell without being asked, which end quietly once the client is gone. */
function createTelling(connection: Connection): {
  readonly tell: (params: PublishDiagnosticsParams) => void
  readonly guard: (work: () => void) => void
} {
  const isClosed = (error: unknown): boolean => error instanceof ConnectionError
  return {
    tell: (params) => void connection.sendDiagnostics(params).catch(() => undefined),
    guard: (work) => {
      try {
        work()
      } catch (error) {
        if (!isClosed(error))
          connection.console.error(error instanceof Error ? (error.stack ?? '') : String(error))
      }
    },
  }
}

function answerQuestions(
  connection: Connection,
  session: Session,
  capabilities: () => ClientCapabilities,
): void {
  const answer = createAnswers(connection)
  connection.onHover(answer((params) => questions.hover(session, params)))
  connection.onDefinition(answer((params) => questions.definition(session, params, capabilities())))
  connection.onReferences(answer((params) => questions.references(session, params)))
  connection.onDocumentHighlight(answer((params) => questions.highlights(session, params)))
  connection.onPrepareRename(answer((params) => questions.prepareRename(session, params)))
  connection.onRenameRequest(answer((params) => questions.rename(session, params)))
  connection.onCompletion(answer((params) => questions.completion(session, params, capabilities())))
  connection.onCompletionResolve(answer((item) => questions.resolveCompletion(session, item)))
  connection.onSignatureHelp(answer((params) => questions.signature(session, params)))
  connection.onDocumentSymbol(answer((params) => questions.documentSymbols(session, params)))
  connection.onWorkspaceSymbol(answer((params) => questions.findSymbols(session, params)))
  connection.onFoldingRanges(answer((params) => questions.folds(session, params)))
  connection.onDocumentFormatting(answer((params) => questions.formatting(session, params)))
  connection.onExecuteCommand(answer((params) => runCommand(session, params)))
  const { semanticTokens, inlayHint } = connection.languages
  semanticTokens.on(answer((params) => questions.tokens(session, params, false)))
  semanticTokens.onRange(answer((params) => questions.tokens(session, params, true)))
  inlayHint.on(answer((params) => questions.inlayHints(session, params)))
}

function answerActions(
  connection: Connection,
  session: Session,
  capabilities: ClientCapabilities,
): void {
  const answer = createAnswers(connection)
  const actions = createActions(session, capabilities)
  connection.onCodeAction(answer(actions.list))
  connection.onCodeActionResolve(answer(actions.resolve))
}

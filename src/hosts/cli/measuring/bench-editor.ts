import { PassThrough } from 'node:stream'
import {
  createConnection,
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ProtocolConnection,
} from 'vscode-languageserver/node'
import { nodeFiles } from '../../lsp/node-files.ts'
import { startServer } from '../../lsp/server.ts'
import { figure, type Figure } from '../figure.ts'
import { libraryNames } from '../package.ts'
import type { Sources } from '../sources.ts'

interface Setting {
  readonly seconds: number
  readonly sources: Sources
  readonly signal: AbortSignal
}

const LINES = 500
const URI = 'untitled:bench.opt'
/** Answers that are not counted: what is measured first is mostly machine code in the making. */
const WARM_UP = 30

/** What an editor asks at a place, and what more it says. */
const QUESTIONS: Readonly<Record<string, object>> = {
  'textDocument/completion': {},
  'textDocument/hover': {},
  'textDocument/definition': {},
  'textDocument/references': { context: { includeDeclaration: true } },
  'textDocument/documentHighlight': {},
  'textDocument/prepareRename': {},
  'textDocument/rename': { newName: 'renamed' },
  'textDocument/signatureHelp': {},
  'textDocument/codeAction': { context: { diagnostics: [] } },
  'textDocument/inlayHint': {},
  'textDocument/semanticTokens/full': {},
  'textDocument/documentSymbol': {},
  'textDocument/foldingRange': {},
  'textDocument/formatting': { options: { tabSize: 2, insertSpaces: true } },
}

/**
 * How long each answer of the language server takes on a file of 500 lines, over the protocol: right after a keystroke, when
 * nothing of the text is known yet (also by processor time, which other processes of the machine disturb less), and asked again.
 * The place is where the name of a value is read.
 */
export async function* benchEditor({ seconds, sources, signal }: Setting): AsyncGenerator<Figure> {
  const lines = program(sources)
  const client = connect()
  await client.sendRequest('initialize', { processId: null, rootUri: null, capabilities: CLIENT })
  await client.sendNotification('initialized', {})
  const document = { uri: URI, languageId: 'opt', version: 1, text: lines.join('\n') }
  await client.sendNotification('textDocument/didOpen', { textDocument: document })
  const line = lines.findLastIndex((each) => /^ {2}update = lr/.test(each))
  const position = { line, character: '  update = l'.length }
  const range = { start: position, end: position }
  const ask = async (method: string, more: object): Promise<number> => {
    const before = performance.now()
    await client.sendRequest(method, { textDocument: { uri: URI }, position, range, ...more })
    return performance.now() - before
  }
  let version = 1
  const type = (): Promise<void> => {
    version += 1
    const place = { line, character: 0 }
    const [length, text] = version % 2 === 0 ? [0, ' '] : [1, '']
    const end = { line, character: length }
    return client.sendNotification('textDocument/didChange', {
      textDocument: { uri: URI, version },
      contentChanges: [{ range: { start: place, end }, text }],
    })
  }
  const share = (1000 * seconds) / Object.keys(QUESTIONS).length
  for (const [method, more] of Object.entries(QUESTIONS)) {
    const [typed, byProcessor, again]: [number[], number[], number[]] = [[], [], []]
    const until = performance.now() + share
    for (let round = 0; typed.length < 3 || performance.now() < until; round++) {
      if (signal.aborted) break
      await type()
      const processor = process.cpuUsage()
      const first = await ask(method, more)
      const { user, system } = process.cpuUsage(processor)
      const second = await ask(method, more)
      if (round < WARM_UP) continue
      typed.push(first)
      byProcessor.push((user + system) / 1000)
      again.push(second)
    }
    const name = method.replace('textDocument/', '')
    yield figure(`${name} after a keystroke`, 'ms', typed)
    yield figure(`${name} after a keystroke, by processor time`, 'ms', byProcessor)
    yield figure(`${name} asked again`, 'ms', again)
  }
  client.dispose()
}

const CLIENT = {
  textDocument: {
    codeAction: { dataSupport: true, resolveSupport: { properties: ['edit'] } },
    completion: { completionItem: { snippetSupport: true } },
  },
}

/** A client of a server in this process. */
function connect(): ProtocolConnection {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()]
  const server = createConnection(
    new StreamMessageReader(toServer),
    new StreamMessageWriter(toClient),
  )
  startServer(server, nodeFiles(process.cwd()), '')
  const client = createProtocolConnection(
    new StreamMessageReader(toClient),
    new StreamMessageWriter(toServer),
  )
  client.listen()
  return client
}

/** Optimizers of the library one after the other, without their comments. */
function program(sources: Sources): readonly string[] {
  const lines: string[] = []
  for (const name of libraryNames()) {
    const { text } = sources.read(name)
    if (/^import/m.test(text) || !/^optimizer/m.test(text)) continue
    const own = text.split('\n').filter((line) => line !== '' && !line.startsWith('//'))
    lines.push(...own, '')
    if (lines.length >= LINES) break
  }
  return lines
}

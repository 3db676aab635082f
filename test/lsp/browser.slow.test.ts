import vm from 'node:vm'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { standardLibrary } from '../../src/library/standard-library.ts'

interface Message {
  readonly id?: number
  readonly method?: string
  readonly result?: unknown
  readonly params?: unknown
}

test('the server runs where there is nothing of Node, and answers by messages of a worker', async () => {
  const { outputFiles } = await build({
    entryPoints: ['src/hosts/lsp/browser.ts'],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'server',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  })
  const worker = vm.createContext({
    ...{ setTimeout, clearTimeout, queueMicrotask, console },
    ...{ URL, TextEncoder, TextDecoder, performance },
  })
  vm.runInContext('globalThis.self = globalThis', worker)
  vm.runInContext(outputFiles[0]!.text, worker)
  const waiting = new Map<number | string, (message: Message) => void>()
  const port: {
    onmessage?: (event: { data: unknown }) => void
    addEventListener: () => void
    postMessage: (message: Message) => void
  } = {
    addEventListener: () => undefined,
    postMessage: (message) => waiting.get(message.id ?? message.method!)?.(message),
  }
  ;(
    vm.runInContext('server', worker) as typeof import('../../src/hosts/lsp/browser.ts')
  ).serveInWorker(port as unknown as MessagePort, standardLibrary, '0')
  const send = (message: object): void => port.onmessage!({ data: { jsonrpc: '2.0', ...message } })
  const answer = (key: number | string, message: object): Promise<Message> =>
    new Promise((resolve) => {
      waiting.set(key, resolve)
      send(message)
    })
  const ask = (id: number, method: string, params: object): Promise<Message> =>
    answer(id, { id, method, params })
  await ask(1, 'initialize', { processId: null, rootUri: null, capabilities: {} })
  const uri = 'memory:///a.opt'
  const textDocument = { uri, languageId: 'opt', version: 1, text: 'update = lr * ema(h)\n' }
  const told = await answer('textDocument/publishDiagnostics', {
    method: 'textDocument/didOpen',
    params: { textDocument },
  })
  expect(told.params).toMatchObject({ uri, diagnostics: [{ code: 'unknown-name' }] })
  const { result } = await ask(2, 'textDocument/definition', {
    textDocument: { uri },
    position: { line: 0, character: 15 },
  })
  expect(result).toMatchObject({ uri: 'memory:///std/prelude' })
})

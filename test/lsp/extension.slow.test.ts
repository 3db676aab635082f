import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createProtocolConnection,
  DefinitionRequest,
  InitializeRequest,
  PublishDiagnosticsNotification,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type Location,
} from 'vscode-languageserver/node'

/** What goes into the package of the extension. */
let stage: string
beforeAll(() => {
  stage = mkdtempSync(join(tmpdir(), 'optc-extension-'))
  execFileSync(process.execPath, ['vsix.js', '--stage', stage])
})
afterAll(() => rmSync(stage, { recursive: true }))

const read = (path: string): string => readFileSync(join(stage, path), 'utf8')

interface Manifest {
  readonly version: string
  readonly main: string
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[]
    readonly grammars: readonly { readonly path: string }[]
    readonly languages: readonly { readonly configuration: string }[]
  }
}

test('the extension has the files and commands it tells of', () => {
  const { version, main, contributes } = JSON.parse(read('package.json')) as Manifest
  expect(version).toBe((JSON.parse(readFileSync('package.json', 'utf8')) as Manifest).version)
  for (const path of [
    main,
    ...contributes.grammars.map((each) => each.path),
    ...contributes.languages.map((each) => each.configuration),
  ])
    expect(existsSync(join(stage, path))).toBe(true)
  expect(read('opt.tmLanguage.json')).toBe(readFileSync('grammar/opt.tmLanguage.json', 'utf8'))
  const code = read(main)
  for (const { command } of contributes.commands) expect(code).toContain(command)
  execFileSync(process.execPath, ['--check', join(stage, main)])
})

test('the server in the extension works by itself, with its own library', async () => {
  const server = spawn(process.execPath, [join(stage, 'server/server.mjs')], {
    cwd: tmpdir(),
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const ended = new Promise((resolve) => server.on('exit', resolve))
  const client = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  )
  client.listen()
  const { serverInfo } = await client.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: null,
    capabilities: {},
  })
  expect(serverInfo?.name).toBe('optc')
  const told = new Promise<readonly unknown[]>((resolve) =>
    client.onNotification(PublishDiagnosticsNotification.type, ({ diagnostics }) =>
      resolve(diagnostics.map(({ code }) => code)),
    ),
  )
  const textDocument = { uri: 'untitled:rule.opt' }
  await client.sendNotification('textDocument/didOpen', {
    textDocument: {
      ...textDocument,
      languageId: 'opt',
      version: 1,
      text: 'update = lr * ema(h)\n',
    },
  })
  expect(await told).toContain('unknown-name')
  const found = (await client.sendRequest(DefinitionRequest.type, {
    textDocument,
    position: { line: 0, character: 15 },
  })) as Location
  expect(fileURLToPath(found.uri)).toBe(join(stage, 'server/stdlib/prelude.opt'))
  await client.sendRequest(ShutdownRequest.type)
  await client.sendNotification('exit')
  expect(await ended).toBe(0)
})

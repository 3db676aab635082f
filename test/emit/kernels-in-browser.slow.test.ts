import { build } from 'esbuild'
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { targets } from '../../src/emit/targets.ts'
import { simulateModel } from '../../src/plan/run/evaluate.ts'
import { library } from '../stdlib/library.ts'

const NAMES = ['adam', 'adafactor', 'opt7', 'sgld']
const BACKENDS = ['cpu', 'wasm', 'webgpu']
const W = [0.5, -1, 2, 3, 0.25, -0.125]
const GRADIENTS = [1, 2, 3, 4].map((step) => W.map((_, at) => Math.fround(Math.sin(step + 3 * at))))

const chromium = spawnSync('chromium', ['--version']).status === 0 ? 'chromium' : undefined
if (chromium === undefined) console.log('not tested in a browser: there is no chromium')

const folder = mkdtempSync(join(tmpdir(), 'optc-browser-'))
const wasm = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))
let server: Server | undefined

/** What the page finds: the weights after the steps by optimizer and backend, or why not. */
type Found = Readonly<Record<string, number[] | string>>

/** A program that takes the steps on every backend, and tells the server what came out. */
const PAGE = `
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import '@tensorflow/tfjs-backend-webgpu'
${NAMES.map((name) => `import * as ${name} from './${name}.ts'`).join('\n')}
const found = {}
setWasmPaths('/wasm/')
for (const backend of ${JSON.stringify(BACKENDS)}) for (const [name, module] of Object.entries({ ${NAMES.join(', ')} })) {
  try {
    if (!(await tf.setBackend(backend))) throw new Error('there is no such backend')
    const [Class] = Object.values(module)
    const optimizer = new Class({ totalSteps: 10, seed: 0 })
    const w = tf.variable(tf.tensor(${JSON.stringify(W)}, [2, 3]))
    for (const gradient of ${JSON.stringify(GRADIENTS)})
      tf.tidy(() => optimizer.applyGradients([{ name: w.name, tensor: tf.tensor(gradient, [2, 3]) }]))
    found[name + ' on ' + backend] = [...(await w.data())]
  } catch (error) {
    found[name + ' on ' + backend] = String(error)
  }
}
await fetch('/found', { method: 'POST', body: JSON.stringify(found) })
`

async function bundlePage(): Promise<string> {
  for (const name of NAMES) {
    const { programs, functions } = library(name)
    const [module] = await targets.kernels.print(programs, functions, { name })
    writeFileSync(join(folder, `${name}.ts`), module!.text)
  }
  const { outputFiles } = await build({
    stdin: { contents: PAGE, resolveDir: folder, loader: 'ts' },
    bundle: true,
    platform: 'browser',
    format: 'esm',
    nodePaths: [join(import.meta.dirname, '../../node_modules')],
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}

/** Opens the page in a browser of its own, and waits for what it finds. */
async function visit(script: string): Promise<Found> {
  const answered = new Promise<Found>((resolve) => {
    server = createServer((request, response) => {
      if (request.url === '/found') {
        let body = ''
        request.on('data', (part) => (body += String(part)))
        request.on('end', () => resolve(JSON.parse(body) as Found))
      }
      const [type, text] =
        request.url === '/page.js'
          ? ['text/javascript', script]
          : request.url?.startsWith('/wasm/')
            ? ['application/wasm', readFileSync(join(wasm, request.url.slice('/wasm/'.length)))]
            : ['text/html', '<script type="module" src="/page.js"></script>']
      response.writeHead(200, { 'content-type': type as string })
      response.end(text)
    })
  })
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
  const { port } = server!.address() as AddressInfo
  const browser = spawn(chromium!, [
    '--headless',
    '--no-sandbox',
    '--enable-unsafe-webgpu',
    '--use-webgpu-adapter=swiftshader',
    `--user-data-dir=${join(folder, 'profile')}`,
    `http://127.0.0.1:${port}/`,
  ])
  try {
    return await answered
  } finally {
    browser.kill('SIGKILL')
  }
}

let found: Found = {}

describe.skipIf(chromium === undefined)('kernels in a browser', () => {
  beforeAll(async () => {
    found = await visit(await bundlePage())
  }, 180_000)

  afterAll(() => {
    server?.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  })

  test.each(BACKENDS.flatMap((backend) => NAMES.map((name) => ({ name, backend }))))(
    '$name on $backend',
    ({ name, backend }) => {
      const settings = { shapes: [[2, 3]], totalSteps: 10, seed: 0 }
      const steps = simulateModel(
        library(name).programs[0]!,
        settings,
        [W],
        GRADIENTS.map((g) => [g]),
      )
      const expected = [...steps.w.at(-1)![0]!]
      const weights = found[`${name} on ${backend}`]
      expect(weights).toHaveLength(W.length)
      for (const [at, value] of expected.entries())
        expect(Math.abs((weights as number[])[at]! - value)).toBeLessThan(
          2e-6 * Math.max(1, Math.abs(value)),
        )
    },
  )
})

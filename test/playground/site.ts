import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, extname, join } from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

/** The browser of this machine; undefined where there is none. */
export const browserPath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .flatMap((folder) =>
    ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)),
  )
  .find((path) => existsSync(path))

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
}

/** The built playground on a port of its own, and a browser. */
export interface Site {
  readonly address: string
  /** A page of a fresh profile; `errors` fills with what its console and its workers complain of. */
  readonly open: (
    fragment?: string,
    options?: BrowserContextOptions,
  ) => Promise<{ readonly page: Page; readonly errors: readonly string[] }>
  readonly close: () => Promise<void>
}

/** Builds the playground, serves it as any static host would, and starts a browser. */
export async function startSite(): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'optc-playground-'))
  execFileSync(process.execPath, ['playground.js', folder], { stdio: 'pipe' })
  const server = await serve(folder)
  const browser = await chromium.launch({ executablePath: browserPath!, args: ['--no-sandbox'] })
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    address,
    open: (fragment = '', options = {}) =>
      openPage(browser, fragment === '' ? address : `${address}#${fragment}`, options),
    close: async () => {
      await browser.close()
      server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions,
): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) errors.push(message.text())
  })
  await page.goto(address)
  return { page, errors }
}

function serve(folder: string): Promise<Server> {
  const server = createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://127.0.0.1')
    const path = join(folder, pathname.endsWith('/') ? `${pathname}index.html` : pathname)
    if (!existsSync(path) || !statSync(path).isFile()) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' })
    return response.end(readFileSync(path))
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { policyOf } from '../../src/hosts/playground/policy.ts'
import { startServer } from '../../src/hosts/serving/server.ts'

/** The browser of this machine; undefined where there is none. */
export const browserPath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .flatMap((folder) =>
    ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)),
  )
  .find((path) => existsSync(path))

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

/** Builds the playground, serves it as `optc playground` does, and starts a browser. */
export async function startSite(): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'optc-playground-'))
  execFileSync(process.execPath, ['playground.js', folder], { stdio: 'pipe' })
  const server = await startServer({ folder: { location: folder, policyOf } })
  const browser = await chromium.launch({ executablePath: browserPath!, args: ['--no-sandbox'] })
  const address = server.url
  return {
    address,
    open: (fragment = '', options = {}) =>
      openPage(browser, fragment === '' ? address : `${address}#${fragment}`, options),
    close: async () => {
      await browser.close()
      await server.close()
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

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axe from 'axe-core'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer } from '../../src/hosts/serving/server.ts'
import { chromiumPath } from '../chromium.ts'

if (chromiumPath === undefined) console.log('not tested in a browser: there is no chromium')

const DESKTOP = { viewport: { width: 1440, height: 900 }, colorScheme: 'light' } as const
const PHONE = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
  colorScheme: 'dark',
} as const

let folder: string
let server: Awaited<ReturnType<typeof startServer>>
let browser: Browser
let address: string

beforeAll(async () => {
  if (chromiumPath === undefined) return
  folder = mkdtempSync(join(tmpdir(), 'optc-reference-'))
  execFileSync(process.execPath, ['reference.js', folder], { stdio: 'pipe' })
  server = await startServer({ folder: { location: folder } })
  address = server.url
  browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] })
}, 120_000)

afterAll(async () => {
  if (chromiumPath === undefined) return
  await browser.close()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A page of a fresh profile; `errors` fills with what it complains of. */
async function open(
  path: string,
  options: BrowserContextOptions,
): Promise<{ readonly page: Page; readonly errors: readonly string[] }> {
  const page = await (await browser.newContext(options)).newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => errors.push(message.text()))
  await page.goto(address + path)
  return { page, errors }
}

describe.skipIf(chromiumPath === undefined)('the reference in a browser', () => {
  it.each([
    ['desktop', DESKTOP],
    ['phone', PHONE],
  ])('is whole and accessible on a %s', async (_, options) => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.html'))
    // The check is a script of ours, which the pages' own policy would not run.
    const { page, errors } = await open('index.html', { ...options, bypassCSP: true })
    for (const file of files) {
      await page.goto(address + file)
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(width, file).toBeLessThanOrEqual(options.viewport.width)
      await page.evaluate(axe.source)
      // Long pages are of the same parts from their beginning to their end.
      const { violations } = await page.evaluate(
        async (include) => await (window as unknown as { axe: typeof axe }).axe.run({ include }),
        [['.bar'], ['.contents'], ['#content > :nth-child(-n+40)']],
      )
      expect(violations.map(({ id, nodes }) => `${file}: ${id} ${nodes[0]!.html}`)).toEqual([])
    }
    expect(errors).toEqual([])
  })

  it('is searched by keyboard alone', async () => {
    const { page, errors } = await open('types.html', DESKTOP)
    await page.keyboard.press('/')
    await page.keyboard.type('softp')
    await page.locator('#result-0 strong', { hasText: 'softplus' }).waitFor()
    await page.keyboard.press('ArrowDown')
    expect(await page.locator('#search').getAttribute('aria-activedescendant')).toMatch(/^result-/)
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await page.waitForURL(/operators\.html#softplus$/)
    await page.keyboard.press('/')
    await page.keyboard.type('nosuchthing')
    await page.locator('#results', { hasText: 'Nothing has that name' }).waitFor()
    await page.keyboard.press('Escape')
    expect(await page.locator('#results').isHidden()).toBe(true)
    expect(errors).toEqual([])
  })

  it('shows what was written as text, whatever it is', async () => {
    const { page, errors } = await open('index.html', DESKTOP)
    await page.fill('#search', '<img src=x onerror=alert(1)>')
    await page.locator('#results', { hasText: 'Nothing has that name' }).waitFor()
    expect(await page.locator('#results img').count()).toBe(0)
    expect(errors).toEqual([])
  })

  it('opens its contents on a phone', async () => {
    const { page } = await open('types.html', PHONE)
    const contents = page.locator('#contents')
    expect(await contents.isVisible()).toBe(false)
    await page.locator('#contents-button').click()
    expect(await contents.isVisible()).toBe(true)
    await contents.getByRole('link', { name: 'Matrices' }).click()
    await page.waitForURL(/matrices\.html$/)
  })

  it('runs nothing that is put into a page', async () => {
    const { page, errors } = await open('index.html', DESKTOP)
    await page.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = 'document.title = "run"'
      document.body.append(script)
    })
    expect(await page.title()).not.toBe('run')
    expect(errors.join('\n')).toMatch(/Content Security Policy/)
  })
})

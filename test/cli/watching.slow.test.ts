import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { chromiumPath } from '../chromium.ts'
import { createSession, type Session } from './session.ts'

const PROGRAM = join(import.meta.dirname, '../../dist/optc.cjs')
if (chromiumPath === undefined) console.log('not tried in a browser: there is no chromium')

/** A search of some minutes, of which this machine sees the beginning. */
const SEARCH =
  'evolve --task quadratic --protocol sketch --particles 3 --timesteps 40 --children 3 --initial 8 --seed 1 --workers 1 --out run'

interface Started {
  readonly child: ChildProcess
  /** Resolves when the text has been written. */
  readonly until: (text: string) => Promise<string>
}

function start({ folder }: Session, line: string, env: NodeJS.ProcessEnv = {}): Started {
  const child = spawn(process.execPath, [PROGRAM, ...line.split(' ')], {
    ...{ cwd: folder, env: { ...process.env, ...env } },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let written = ''
  let wake: () => void = () => undefined
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      written += chunk.toString()
      wake()
    })
  return {
    child,
    until: async (text) => {
      while (!written.includes(text)) await new Promise<void>((resolve) => (wake = resolve))
      return written
    },
  }
}

/** A page, and what its console complained of. */
async function open(url: string): Promise<{ page: Page; complaints: string[] }> {
  const browser = await chromium.launch({
    executablePath: chromiumPath!,
    args: ['--no-sandbox', '--disable-gpu'],
  })
  onTestFinished(() => browser.close())
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 } })
  page.setDefaultTimeout(120_000)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(url)
  return { page, complaints }
}

const addressIn = (text: string): string => /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(text)![0]

describe.skipIf(chromiumPath === undefined)('a search that is watched in a browser', () => {
  it('refreshes in place, is seen to be killed, and is resumed and ended from its page', async () => {
    const session = createSession()
    const search = start(session, SEARCH)
    await search.until('initial rules: 8/8')
    const server = start(session, 'report --watch run')
    const { page, complaints } = await open(addressIn(await server.until('Ctrl-C ends')))
    await page.waitForSelector('.state.running')

    // What a person has unfolded and scrolled to stays while numbers change.
    await page.locator('#configuration summary', { hasText: 'All settings' }).click()
    const place = (): Promise<number> =>
      page.evaluate('document.querySelector("#rules h2").getBoundingClientRect().top')
    await page.evaluate('document.querySelector("#rules h2").scrollIntoView()')
    const top = await place()
    const progress = page.locator('.live .progress')
    const before = await progress.innerText()
    await page.evaluate('document.querySelector("main").isTheSame = true')
    // Not a condition as text: the page's policy lets nothing be evaluated.
    await expect.poll(() => progress.innerText(), { timeout: 120_000 }).not.toBe(before)
    // Also where lines have come above it.
    expect(Math.abs((await place()) - top)).toBeLessThan(2)
    expect(await page.evaluate('document.querySelector("main").isTheSame')).toBe(true)
    expect(await page.locator('#configuration details[open]').count()).toBeGreaterThan(0)

    search.child.kill('SIGKILL')
    await page.waitForSelector('.state.killed')
    const lines = readFileSync(join(session.folder, 'run/journal.jsonl'), 'utf8').split('\n').length
    await page.locator('button', { hasText: 'optc evolve --resume run' }).click()
    await page.waitForSelector('.state.running')
    expect(existsSync(join(session.folder, 'run/resume.log'))).toBe(true)
    await page.locator('button', { hasText: 'End it' }).click()
    await page.waitForSelector('.state.interrupted')
    const log = readFileSync(join(session.folder, 'run/resume.log'), 'utf8')
    expect(log).toContain('interrupted; go on with: optc evolve --resume')
    expect(
      readFileSync(join(session.folder, 'run/journal.jsonl'), 'utf8').split('\n').length,
    ).toBeGreaterThanOrEqual(lines)

    expect(complaints).toEqual([])
    server.child.kill('SIGINT')
    expect((await once(server.child, 'exit'))[0]).toBe(130)
    await page.waitForSelector('body.away')
    expect(await page.locator('#fresh').innerText()).toContain('the server does not answer')
  })

  it('is opened by optc evolve --open, and stays as it was at the end', async () => {
    const session = createSession({ 'browser.sh': '#!/bin/sh\necho "$1" > address\n' })
    session.protect('browser.sh', 0o755)
    const line = SEARCH.replace('--timesteps 40', '--timesteps 1')
    const small = `${line} --finalists 1 --final-seeds 2 --rate-seeds 2 --against sgd --open`
    const search = start(session, small, { BROWSER: join(session.folder, 'browser.sh') })
    const { page, complaints } = await open(addressIn(await search.until('watch it at http')))
    expect(session.read('address').trim()).toBe(page.url())
    const [code] = (await once(search.child, 'exit')) as [number]
    expect(code).toBe(0)
    await page.waitForSelector('.state.ended')
    await page.waitForSelector('body.away')
    expect(await page.locator('#fresh').innerText()).toContain('the server has ended')
    expect(await page.locator('#table h2').innerText()).toBe('Finalists and baselines')
    expect(complaints).toEqual([])
  })

  it('is chosen in a list and compared', async () => {
    const session = createSession()
    for (const seed of [1, 2]) {
      const search = start(
        session,
        SEARCH.replace('--seed 1', `--seed ${seed}`).replace('--out run', `--out run-${seed}`),
      )
      await search.until('initial rules: 8/8')
      search.child.kill('SIGINT')
      await once(search.child, 'exit')
    }
    const server = start(session, 'report --watch')
    const { page, complaints } = await open(addressIn(await server.until('Ctrl-C ends')))
    for (const box of await page.locator('input[type=checkbox]').all()) await box.check()
    await page.locator('button', { hasText: 'Compare' }).click()
    await page.waitForSelector('#settings')
    expect(await page.locator('#settings td').allInnerTexts()).toEqual(['seed', '1', '2'])
    expect(await page.locator('#rules article').count()).toBe(2)
    expect(complaints).toEqual([])
  })
})

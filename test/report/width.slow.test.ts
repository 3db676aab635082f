import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { chromiumPath as browser } from '../chromium.ts'
import { report, SMALL } from './page.ts'
import { syntheticRun } from './synthetic-run.ts'

/** The headings of the sections with a table that is wider than the page, and whether the page itself is. */
const MEASURE = `
  const page = document.querySelector('iframe').contentDocument
  const cut = [...page.querySelectorAll('section')].filter((section) =>
    [...section.querySelectorAll('.scroll > table:not(.equations)')].some(
      (table) => table.scrollWidth > table.parentElement.clientWidth + 1))
  const { scrollWidth, clientWidth } = page.documentElement
  document.body.textContent = JSON.stringify({
    tables: page.querySelectorAll('table').length,
    cut: cut.map((section) => section.id),
    isWider: scrollWidth > clientWidth,
  })
`

/** What is cut off of a page in a frame of so many pixels. */
function measure(page: string, width: number): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'optc-page-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const content = page.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
  const frame = `<iframe width="${width}" height="900" style="border:0" srcdoc="${content}"></iframe>`
  const path = join(folder, 'frame.html')
  writeFileSync(
    path,
    `<!DOCTYPE html><body>${frame}<script>onload = () => {${MEASURE}}</script></body>`,
  )
  const line = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${folder}/profile`]
  const dom = execFileSync(
    browser!,
    [
      ...line,
      '--window-size=1600,1000',
      '--virtual-time-budget=5000',
      '--dump-dom',
      `file://${path}`,
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  )
  return JSON.parse(/\{.*\}/.exec(dom)![0])
}

describe.skipIf(browser === undefined)('the page in a browser', () => {
  it.each([360, 500, 700, 800, 1000, 1400])(
    'cuts nothing off at %i pixels',
    async (width) => {
      const page = await report(syntheticRun({ ...SMALL, finalSeeds: 8 }))
      expect(measure(page, width)).toEqual({ tables: expect.any(Number), cut: [], isWider: false })
    },
    60_000,
  )
})

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { catalog } from '../../src/diagnostics/catalog.ts'
import type { CatalogEntry } from '../../src/diagnostics/diagnostic.ts'
import { renderPretty } from '../../src/diagnostics/render-pretty.ts'
import { applyFix, checkText } from '../check/check-text.ts'

const entries: readonly (readonly [string, CatalogEntry])[] = Object.entries(catalog)
const codesOf = (text: string, files?: CatalogEntry['files']): string[] =>
  checkText(text, files).diagnostics.map(({ code }) => code)

/** What else the wrong programs yield: a note at the import for errors of imported files, for instance. */
const COMPANIONS: Readonly<Record<string, readonly string[]>> = {
  'import-cycle': ['import-has-errors'],
  'import-too-deep': ['import-has-errors'],
  'import-has-errors': ['unknown-name'],
  'too-many-errors': ['missing-expression', 'update-twice'],
}

const MOST_LINES = 60
const MOST_CHARACTERS = 3000

const MOST_FIXES = 3

describe.each(entries)('%s', (code, entry) => {
  it('is what the wrong program yields', () => {
    expect(codesOf(entry.wrong, entry.files)).toContain(code)
  })

  it('is alone there', () => {
    const others = codesOf(entry.wrong, entry.files).filter((other) => other !== code)
    expect(new Set(others)).toEqual(new Set(COMPANIONS[code]))
  })

  it('has a right program without any diagnostic', () => {
    expect(checkText(entry.right, entry.rightFiles ?? entry.files).diagnostics).toEqual([])
  })

  it('is gone once its fix is made', () => {
    // A list that is cut off stays as long when one of its errors is fixed.
    const most = (before: number): number => (code === 'too-many-errors' ? before : before - 1)
    const { diagnostics } = checkText(entry.wrong, entry.files)
    const count = (text: string, wanted: string): number =>
      codesOf(text, entry.files).filter((other) => other === wanted).length
    for (const diagnostic of diagnostics.slice(0, MOST_FIXES)) {
      if (diagnostic.fix === undefined || diagnostic.path !== 'main.opt') continue
      const fixed = count(applyFix(entry.wrong, diagnostic), diagnostic.code)
      const before = count(entry.wrong, diagnostic.code)
      expect(fixed).toBeLessThanOrEqual(Math.max(most(before), 0))
    }
  })

  it('points into the file', () => {
    for (const { path, span } of checkText(entry.wrong, entry.files).diagnostics) {
      if (path !== 'main.opt') continue
      expect(span.start).toBeGreaterThanOrEqual(0)
      expect(span.end).toBeGreaterThanOrEqual(span.start)
      expect(span.end).toBeLessThanOrEqual(entry.wrong.length)
    }
  })

  it('is rendered as in its file', () => {
    const { diagnostics, sources } = checkText(entry.wrong, entry.files)
    const sourceOf = (path: string) => sources.find((source) => source.path === path)
    const rendered = `${beginning(entry.wrong.trimEnd())}\n\n${beginning(renderPretty(diagnostics, { sourceOf }))}`
    const file = new URL(`./${code}.txt`, import.meta.url)
    if (process.env['UPDATE'] === '1') writeFileSync(file, rendered)
    expect(existsSync(file) ? readFileSync(file, 'utf8') : undefined).toBe(rendered)
  })

  it('says what to do', () => {
    const own = checkText(entry.wrong, entry.files).diagnostics.filter(
      (other) => other.code === code,
    )
    for (const { severity, help } of own) if (severity === 'warning') expect(help).toBeDefined()
  })

  it('has a page', () => {
    expect(entry.title).not.toMatch(/[.]$|^[A-Z]/)
    expect(entry.explanation.length).toBeGreaterThan(entry.title.length)
  })
})

/** As much of a text as a reviewer reads: a page of it. */
function beginning(text: string): string {
  const lines = text.split('\n')
  const page = lines.slice(0, MOST_LINES).join('\n').slice(0, MOST_CHARACTERS)
  return page.length === text.length
    ? text
    : `${page}\n... (${text.length} characters, ${lines.length} lines)\n`
}

describe('the catalog', () => {
  const folder = new URL('../..', import.meta.url).pathname
  const sources = ['src', 'grammar']
    .flatMap((top) =>
      readdirSync(join(folder, top), { recursive: true, encoding: 'utf8' }).map((name) =>
        join(top, name),
      ),
    )
    .filter(
      (name) => name.endsWith('.ts') && !name.startsWith(join('src', 'diagnostics', 'catalog')),
    )
  const text = sources.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n')

  it.each(entries.map(([code]) => code))('%s is reported somewhere', (code) => {
    expect(text.includes(`'${code}'`)).toBe(true)
  })
})

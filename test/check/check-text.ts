import { existsSync, readFileSync } from 'node:fs'
import { check } from '../../src/check/check.ts'
import type { CheckedModule } from '../../src/check/checked-module.ts'
import type { ModuleLoader } from '../../src/resolve/resolution.ts'
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import type { Source } from '../../src/diagnostics/source.ts'
import { parse } from '../../src/syntax/parse.ts'
import { readSpace } from '../../src/mutate/space/space.ts'

/** A program of a test with everything found wrong with it. */
export interface CheckedText {
  readonly checked: CheckedModule
  readonly diagnostics: readonly Diagnostic[]
  /** Those of `check` alone. */
  readonly found: readonly Diagnostic[]
  readonly sources: readonly Source[]
}

/** Loads the standard library from its folder, and `files` by the path they are imported with. */
export function createLoader(files: Readonly<Record<string, string>> = {}): ModuleLoader {
  const standard = new Map<string, Source | undefined>()
  return (specifier) => {
    const text = files[specifier]
    if (text !== undefined) return { path: specifier.replace(/^\.\//, ''), text }
    if (!specifier.startsWith('std/')) return undefined
    if (!standard.has(specifier)) standard.set(specifier, readStandard(specifier))
    return standard.get(specifier)
  }
}

function readStandard(specifier: string): Source | undefined {
  const path = new URL(`../../stdlib/${specifier.slice('std/'.length)}.opt`, import.meta.url)
  return existsSync(path) ? { path: specifier, text: readFileSync(path, 'utf8') } : undefined
}

const standardOnly = createLoader()

/** Parses and checks `text` as `main.opt`. */
export function checkText(text: string, files: Readonly<Record<string, string>> = {}): CheckedText {
  const all = { ...files, './main.opt': text }
  // One loader for most tests, so that the prelude is read once.
  const loader = text.includes('./') ? createLoader(all) : standardOnly
  const parsed = parse({ path: 'main.opt', text })
  const hasSyntaxErrors = parsed.diagnostics.some(({ severity }) => severity === 'error')
  const { value, diagnostics } = check(parsed.value, loader, {
    hasSyntaxErrors,
    readSpace: (module, space) => readSpace(module, space).diagnostics,
  })
  return {
    checked: value,
    diagnostics: [...parsed.diagnostics, ...diagnostics],
    found: diagnostics,
    sources: Object.entries(all).map(([path, content]) => ({
      path: path.replace(/^\.\//, ''),
      text: content,
    })),
  }
}

/** The text with the edits of a diagnostic's fix made. */
export function applyFix(text: string, diagnostic: Diagnostic): string {
  const edits = (diagnostic.fix?.edits ?? []).toSorted((a, b) => b.span.start - a.span.start)
  return edits.reduce(
    (edited, { span, text: replacement }) =>
      edited.slice(0, span.start) + replacement + edited.slice(span.end),
    text,
  )
}

import { describe, expect, it } from 'vitest'
import { check } from '../../src/check/check.ts'
import type { ModuleLoader } from '../../src/resolve/resolution.ts'
import { parse } from '../../src/syntax/parse.ts'
import { checkText } from '../check/check-text.ts'

const codes = (text: string, files?: Readonly<Record<string, string>>): string[] =>
  checkText(text, files).diagnostics.map(({ code, path }) => `${code} ${path}`)

describe('imports', () => {
  it('are found in the library and beside the file', () => {
    const files = { './own.opt': 'fn half(x) = x / 2\n' }
    const { diagnostics, checked } = checkText(
      'import { half as smaller } from "./own.opt"\n\nupdate = lr * smaller(g)\n',
      files,
    )
    expect(diagnostics).toEqual([])
    expect(checked.valid).toBe(true)
  })

  it('report the errors of a file once, however often it is imported', () => {
    const files = {
      './broken.opt': 'fn broken(x) = y\n',
      './a.opt': 'import { broken } from "./broken.opt"\n\nfn a(x) = broken(x)\n',
      './b.opt': 'import { broken } from "./broken.opt"\n\nfn b(x) = broken(x)\n',
    }
    const text =
      'import { a } from "./a.opt"\nimport { b } from "./b.opt"\n\nupdate = lr * a(b(g))\n'
    expect(codes(text, files)).toEqual([
      'import-has-errors main.opt',
      'import-has-errors main.opt',
      'unknown-name broken.opt',
    ])
  })

  it('report syntax errors of imported files', () => {
    const found = codes('import { a } from "./a.opt"\n\nupdate = lr * a(g)\n', {
      './a.opt': 'fn a(x) = (x\n',
    })
    expect(found).toContain('import-has-errors main.opt')
    expect(found.some((entry) => entry.endsWith(' a.opt'))).toBe(true)
  })

  it('do not pass on what they import', () => {
    const files = {
      './inner.opt': 'fn inner(x) = x / 2\n',
      './outer.opt': 'import { inner } from "./inner.opt"\n\nfn outer(x) = inner(x)\n',
    }
    expect(codes('import { inner } from "./outer.opt"\n\nupdate = lr * inner(g)\n', files)).toEqual(
      ['name-not-exported main.opt'],
    )
  })

  it('show the circle', () => {
    const files = {
      './b.opt': 'import { c } from "./c.opt"\n\nfn b(x) = c(x)\n',
      './c.opt': 'import { a } from "./main.opt"\n\nfn c(x) = a(x)\n',
    }
    const { diagnostics } = checkText('import { b } from "./b.opt"\n\nfn a(x) = b(x)\n', files)
    const cycle = diagnostics.find(({ code }) => code === 'import-cycle')
    expect(cycle?.path).toBe('c.opt')
    expect(cycle?.notes).toEqual(['`main.opt` imports `b.opt` imports `c.opt` imports `main.opt`'])
  })
})

describe('a loader whose files change', () => {
  it('is asked again', () => {
    let text = 'fn half(x) = x / 2\n'
    const loader: ModuleLoader = (specifier) =>
      specifier === './own.opt' ? { path: 'own.opt', text } : undefined
    const { value } = parse({
      path: 'main.opt',
      text: 'import { half } from "./own.opt"\n\nupdate = lr * half(g)\n',
    })
    expect(check(value, loader).diagnostics).toEqual([])
    text = 'fn other(x) = x / 2\n'
    expect(check(value, loader).diagnostics.map(({ code }) => code)).toEqual(['name-not-exported'])
    text = 'fn half(x) = x / 3\n'
    expect(check(value, loader).diagnostics).toEqual([])
  })

  it('may come to import in a circle', () => {
    let last = 'fn c(x) = x\n'
    const files = (): Readonly<Record<string, string>> => ({
      './b.opt': 'import { c } from "./c.opt"\n\nfn b(x) = c(x)\n',
      './c.opt': last,
    })
    const loader: ModuleLoader = (specifier) => {
      const text = files()[specifier]
      return text === undefined ? undefined : { path: specifier, text }
    }
    const { value } = parse({
      path: 'main.opt',
      text: 'import { b } from "./b.opt"\n\nupdate = lr * b(g)\n',
    })
    expect(check(value, loader).diagnostics).toEqual([])
    last = 'import { b } from "./b.opt"\n\nfn c(x) = b(x)\n'
    expect(check(value, loader).diagnostics.map(({ code }) => code)).toContain('import-cycle')
  })
})

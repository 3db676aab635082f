import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalog } from '../../src/diagnostics/catalog.ts'
import { check } from '../../src/check/check.ts'
import { arbitraryModule } from '../syntax/arbitrary.ts'
import { checkText, createLoader } from './check-text.ts'

const library = new URL('../../stdlib/', import.meta.url)
const programs = readdirSync(library)
  .filter((name) => name.endsWith('.opt'))
  .map((name) => readFileSync(new URL(name, library), 'utf8'))
const TOKEN = /[A-Za-z_]\w*|\d[\w.]*|[-+*/^<>=!]=?|\s+|./g
const tokens = [...new Set(programs.join('\n').match(TOKEN) ?? []), 'space', 'nope', '/', '1e400']

/** Whatever the text: known codes, places inside the file, and nothing valid with an error in it. */
function expectSane(text: string): void {
  const { checked, diagnostics, found } = checkText(text)
  for (const { code, path, span, fix } of found) {
    expect(Object.hasOwn(catalog, code), code).toBe(true)
    if (path !== 'main.opt') continue
    for (const place of [span, ...(fix?.edits ?? []).map((edit) => edit.span)]) {
      expect(place.start).toBeGreaterThanOrEqual(0)
      expect(place.end).toBeGreaterThanOrEqual(place.start)
      expect(place.end).toBeLessThanOrEqual(text.length)
    }
  }
  expect(checked.valid).toBe(diagnostics.every(({ severity }) => severity !== 'error'))
}

/** How many inputs each property is tried with; more with RUNS=100000. */
const options = { numRuns: Number(process.env['RUNS'] ?? 300) }

describe('check', () => {
  it('takes any sequence of tokens', () => {
    const soup = fc
      .array(fc.constantFrom(...tokens), { maxLength: 60 })
      .map((parts) => parts.join(' '))
    fc.assert(fc.property(soup, expectSane), { ...options, seed: 1 })
  })

  it('takes any statements', () => {
    const expression = fc.letrec<{ whole: string; part: string }>((tie) => ({
      part: fc.oneof(
        fc.constantFrom(
          'g',
          'w',
          't',
          'T',
          'lr',
          'm',
          'n',
          'a',
          '0',
          '1',
          '2.5',
          'inf',
          '-1',
          'update',
          'ema',
        ),
        fc
          .tuple(
            fc.constantFrom('sqrt', 'log', 'norm', 'ema', 'a3', 'f', 'rank', 'm', 'where', 'max'),
            tie('whole'),
            tie('whole'),
          )
          .map(([name, x, y]) => `${name}(${x}, ${y})`),
        fc
          .tuple(
            fc.constantFrom('sqrt', 'log', 'norm', 'ema', 'a3', 'f', 'rank', 'previous', 'exp'),
            tie('whole'),
          )
          .map(([name, x]) => `${name}(${x})`),
      ),
      whole: fc.oneof(
        { maxDepth: 4 },
        tie('part'),
        fc
          .tuple(tie('whole'), fc.constantFrom('+', '-', '*', '/', '^', '<', '=='), tie('whole'))
          .map(([x, operator, y]) => `(${x} ${operator} ${y})`),
      ),
    })).whole
    const statement = fc.tuple(
      fc.constantFrom(
        'update =',
        'let a =',
        'state m =',
        'm =',
        'n =',
        'return',
        'let n =',
        'fn f(x) =',
        'schedule a(t) =',
        'decay f(t, x in [0, 1]) =',
      ),
      expression,
    )
    const text = fc
      .array(statement, { minLength: 1, maxLength: 6 })
      .map((statements) => statements.map((parts) => parts.join(' ')).join('\n'))
    fc.assert(fc.property(text, expectSane), { ...options, seed: 2 })
  })

  it('takes programs with tokens removed, doubled and replaced', () => {
    const change = fc.record({
      program: fc.constantFrom(...programs),
      places: fc.array(
        fc.tuple(
          fc.double({ min: 0, max: 0.999, noNaN: true }),
          fc.constantFrom('', 'twice', ...tokens),
        ),
        {
          minLength: 1,
          maxLength: 4,
        },
      ),
    })
    fc.assert(
      fc.property(change, ({ program, places }) => {
        const parts = [...(program.match(TOKEN) ?? [])]
        for (const [where, what] of places) {
          const index = Math.floor(where * parts.length)
          parts[index] = what === 'twice' ? `${parts[index]} ${parts[index]}` : what
        }
        expectSane(parts.join(''))
      }),
      { ...options, seed: 3 },
    )
  })

  it('takes any tree', () => {
    fc.assert(
      fc.property(arbitraryModule, (module) => {
        const { value, diagnostics } = check(module, createLoader())
        expect(value.valid).toBe(diagnostics.every(({ severity }) => severity !== 'error'))
      }),
      { ...options, seed: 5 },
    )
  })

  it('ends for programs that grow without limit', () => {
    const nested = `update = lr * ${'ema('.repeat(60)}g${')'.repeat(60)}\n`
    expectSane(nested)
    const functions = Array.from(
      { length: 12 },
      (_, index) => `fn f${index + 1}(x) {\n  state s = 0\n  s = f${index}(s + x)\n  return s\n}\n`,
    )
    expectSane(
      `fn f0(x) = x + 1\n${functions.join('')}optimizer Deep(lr = 0.1) {\n  update = lr * f12(g)\n}\n`,
    )
    const long = `update = lr * g${' + g'.repeat(3000)}\n`
    expectSane(long)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { cellsOf, displayWidth } from '../../src/diagnostics/render-cells.ts'
import { renderGithub } from '../../src/diagnostics/render-github.ts'
import { renderJson } from '../../src/diagnostics/render-json.ts'
import { diagnosticsDocument } from '../../src/diagnostics/render-json-schema.ts'
import { renderPretty } from '../../src/diagnostics/render-pretty.ts'
import { renderSarif } from '../../src/diagnostics/render-sarif.ts'
import { sarifLog } from './sarif-schema.ts'

const pieces = fc.constantFrom(
  ...[
    'a',
    ' ',
    '\t',
    '\n',
    '\r',
    '\r\n',
    '漢',
    '👍🏽',
    'e\u0301',
    '\u200d',
    '\u0000',
    '\ud800',
    '%',
    ',',
    ':',
    '\u202e',
  ],
  ...['lr * sign(g)', 'x'.repeat(150), '\ufeff'],
)
const text = fc
  .array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 40 })
  .map((parts) => parts.join(''))

/** A source of any text, with a diagnostic somewhere in it that has another place of it as related. */
const anything = fc
  .record({
    text,
    ends: fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
    columns: fc.integer({ min: 20, max: 120 }),
  })
  .map(({ text: content, ends, columns }) => {
    const [a, b, c, d] = ends.map((end) => end % (content.length + 1)) as [
      number,
      number,
      number,
      number,
    ]
    const diagnostic: Diagnostic = {
      ...{
        code: 'unknown-name',
        severity: 'error',
        path: 'a b.opt',
        message: 'message',
        label: 'label',
      },
      span: { start: Math.min(a, b), end: Math.max(a, b) },
      related: [
        { path: 'a b.opt', span: { start: Math.min(c, d), end: Math.max(c, d) }, label: 'other' },
      ],
      fix: {
        title: 'fix',
        edits: [{ span: { start: Math.min(a, b), end: Math.max(a, b) }, text: content }],
      },
    }
    return { source: { path: 'a b.opt', text: content }, diagnostic, columns }
  })

describe('any place in any text', () => {
  it('can be shown: in one paragraph, with marks, without characters that move the cursor', () => {
    fc.assert(
      fc.property(anything, ({ source, diagnostic, columns }) => {
        const shown = renderPretty([diagnostic], { sourceOf: () => source, columns })
        expect(shown).toMatch(/\^[^]*\n$/)
        expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e\ufeff]/u)
        for (const line of shown.split('\n')) {
          // Labels may reach further.
          if (/^ +\d+ \|/.test(line)) expect(displayWidth(line)).toBeLessThanOrEqual(columns)
        }
      }),
      { numRuns: 1500 },
    )
  })

  it('counts a spacing mark that begins a line as a character', () => {
    expect(displayWidth('\uaa7b = 1')).toBe(5)
    expect(
      displayWidth(
        cellsOf('\uaa7b')
          .map((cell) => cell.text)
          .join(''),
      ),
    ).toBe(1)
  })

  it('can be written for every tool', () => {
    fc.assert(
      fc.property(anything, ({ source, diagnostic }) => {
        const sourceOf = () => source
        const document = diagnosticsDocument.parse(
          JSON.parse(renderJson([diagnostic], [source.path], sourceOf)),
        )
        expect(document.diagnostics[0]!.start.offset).toBe(diagnostic.span.start)
        sarifLog.parse(JSON.parse(renderSarif([diagnostic], [source.path], sourceOf, '1.0.0')))
        expect(renderGithub([diagnostic], sourceOf).split('\n')).toHaveLength(2)
      }),
      { numRuns: 100 },
    )
  })

  it('is split into cells that cover the line', () => {
    fc.assert(
      fc.property(text, (line) => {
        let end = 0
        for (const cell of cellsOf(line)) {
          expect(cell.start).toBe(end)
          end = cell.end
        }
        expect(end).toBe(line.length)
      }),
    )
  })
})

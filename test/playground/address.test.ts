import fc from 'fast-check'
import { deflateSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { readAddress, writeAddress } from '../../src/hosts/playground/state/address.ts'
import type { Json } from '../../src/hosts/playground/state/json.ts'
import {
  MOST_TEXT,
  pageParts,
  themeChoices,
  type PageState,
} from '../../src/hosts/playground/state/state.ts'

const paneName = fc.stringMatching(/^[a-z][a-z0-9-]{0,40}$/)

/** Values that JSON gives back as they were: it has one zero. */
const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as Json)

const states: fc.Arbitrary<PageState> = fc.record({
  // Any code units, halves of pairs among them.
  text: fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }),
  fileName: fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9_ .-]{0,60}\.opt$/),
  theme: fc.constantFrom(...themeChoices),
  part: fc.constantFrom(...pageParts),
  chosen: fc.record({ output: paneName, view: paneName }, { requiredKeys: [] }),
  panes: fc.dictionary(paneName, json, { noNullPrototype: true }),
})

/** What follows the `#` where a page would write that value of JSON. */
function written(value: unknown): string {
  return packed(new TextEncoder().encode(JSON.stringify(value)))
}

function packed(bytes: Uint8Array): string {
  const coded = Buffer.from(deflateSync(bytes, { level: 9 })).toString('base64url')
  return `1.${coded}`
}

const GOOD: PageState = {
  text: 'optimizer A(lr = 0.1) { update = lr * g }',
  fileName: 'a.opt',
  theme: 'auto',
  part: 'source',
  chosen: { output: 'output-ts' },
  panes: { mutants: { space: 'modern', seed: 6 } },
}

describe('an address', () => {
  test('gives every state back', () => {
    fc.assert(
      fc.property(states, (state) => {
        expect(readAddress(writeAddress(state))).toEqual({ kind: 'state', state })
      }),
      { numRuns: 500 },
    )
  })

  test('holds only letters that need no escape', () => {
    fc.assert(fc.property(states, (state) => /^1\.[\w-]+$/.test(writeAddress(state))))
  })

  test('without a state holds nothing', () => {
    expect(readAddress('')).toEqual({ kind: 'nothing' })
  })

  test('of any letters is read without an exception', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^1\.[\w-]*$/)), (text) => {
        expect(['nothing', 'broken', 'state']).toContain(readAddress(text).kind)
      }),
      { numRuns: 1000 },
    )
  })

  test('of any bytes, packed, is broken', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(readAddress(packed(bytes)).kind).toBe('broken')
      }),
    )
  })

  test('that was cut off or changed is broken, or holds a whole state', () => {
    const whole = writeAddress(GOOD)
    for (let length = 1; length < whole.length; length++)
      expect(readAddress(whole.slice(0, length)).kind).toBe('broken')
    fc.assert(
      fc.property(fc.integer({ min: 2, max: whole.length - 1 }), paneName, (at, letters) => {
        const read = readAddress(whole.slice(0, at) + letters[0]! + whole.slice(at + 1))
        if (read.kind === 'state')
          expect(readAddress(writeAddress(read.state))).toEqual({
            kind: 'state',
            state: read.state,
          })
      }),
    )
  })
})

describe('a hostile address', () => {
  const reasonOf = (fragment: string): string => {
    const read = readAddress(fragment)
    return read.kind === 'broken' ? read.reason : read.kind
  }

  test('is refused for what it is', () => {
    expect(reasonOf('2.abc')).toBe('it is none of this version')
    expect(reasonOf('javascript:alert(1)')).toBe('it is none of this version')
    expect(reasonOf('1.<script>')).toBe('it holds letters that none has')
    expect(reasonOf('1.')).toBe('it holds letters that none has')
    expect(reasonOf(`1.${'A'.repeat(200_001)}`)).toBe('it is too long')
    expect(reasonOf('1.abcd')).toBe('it is damaged')
    expect(reasonOf(packed(new TextEncoder().encode('{')))).toBe('it is damaged')
    expect(reasonOf(packed(Uint8Array.of(0xff, 0xfe)))).toBe('it is damaged')
  })

  test('that unpacks to twenty million bytes is given up early', () => {
    const fragment = packed(new Uint8Array(20_000_000))
    expect(fragment.length).toBeLessThan(200_000)
    expect(reasonOf(fragment)).toBe('it holds too much')
  })

  test.each([
    ['it is no state', [null, 3, 'text', [GOOD], true]],
    ['it holds no program', [{}, { ...GOOD, text: 1 }, { ...GOOD, text: ['a'] }]],
    ['its program is too long', [{ ...GOOD, text: 'a'.repeat(MOST_TEXT + 1) }]],
    [
      'its program has no name that files have',
      ['../a.opt', '/etc/a.opt', 'a.ts', '.opt', '<b>.opt', `${'a'.repeat(100)}.opt`, 7].map(
        (fileName) => ({ ...GOOD, fileName }),
      ),
    ],
    [
      'it is of no known look',
      [
        { ...GOOD, theme: 'x' },
        { ...GOOD, part: '__proto__' },
        { ...GOOD, theme: ['dark'] },
      ],
    ],
    [
      'its panes cannot be read',
      [
        { ...GOOD, panes: [] },
        { ...GOOD, panes: null },
        { ...GOOD, panes: { 'A B': 1 } },
        { ...GOOD, panes: { '"><img>': 1 } },
        { ...GOOD, chosen: { output: '"]' } },
        { ...GOOD, chosen: 'x' },
        { ...GOOD, chosen: { view: { toString: 1 } } },
      ],
    ],
  ])('of the wrong types is refused: %s', (reason, values) => {
    for (const value of values) expect(reasonOf(written(value))).toBe(reason)
  })

  test('cannot give values to every object', () => {
    const text = JSON.stringify(GOOD).replace('"mutants":', '"__proto__":')
    expect(reasonOf(packed(new TextEncoder().encode(text)))).toBe('its panes cannot be read')
    const nested = JSON.stringify(GOOD).replace('"space":', '"__proto__":')
    const read = readAddress(packed(new TextEncoder().encode(nested)))
    expect(read.kind).toBe('state')
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  test('keeps no part that pages do not know', () => {
    const read = readAddress(written({ ...GOOD, admin: true, chosen: { output: 'a', x: 1 } }))
    expect(read).toEqual({ kind: 'state', state: { ...GOOD, chosen: { output: 'a' } } })
  })
})

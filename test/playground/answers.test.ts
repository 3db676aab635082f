import { describe, expect, test } from 'vitest'
import { targetNames } from '../../src/emit/targets.ts'
import { compileText } from '../../src/hosts/playground/answers/compiled.ts'
import { galleryEntries } from '../../src/hosts/playground/answers/gallery.ts'
import { mutantsOf } from '../../src/hosts/playground/answers/mutants.ts'
import { outlineOf } from '../../src/hosts/playground/answers/outline.ts'
import { FIRST_NAME, FIRST_PROGRAM } from '../../src/hosts/playground/page/first-program.ts'
import { searchEntries } from '../../src/hosts/playground/page/gallery.ts'
import { linkKey } from '../../src/hosts/playground/panes/link-key.ts'
import { check, format } from '../../src/library/language.ts'

const first = { text: FIRST_PROGRAM, fileName: FIRST_NAME }

test('the first program is well written', async () => {
  expect((await check(FIRST_PROGRAM)).diagnostics).toEqual([])
  expect(format(FIRST_PROGRAM).value).toBe(FIRST_PROGRAM)
})

describe('the outline', () => {
  test('has what is declared, where, and every name', () => {
    const { definitions, names, hasErrors } = outlineOf({ kind: 'outline', ...first })
    expect(definitions.map(({ name, kind }) => [name, kind])).toEqual([
      ['MyAdam', 'optimizer'],
      ['warm_up', 'decay'],
    ])
    for (const { name, span } of definitions)
      expect(FIRST_PROGRAM.slice(span.start, span.end)).toContain(name)
    expect(names).toEqual(expect.arrayContaining(['MyAdam', 'lr', 'm_hat', 'sqrt', 'warm_up']))
    expect(names).not.toContain('optimizer')
    expect(hasErrors).toBe(false)
  })

  test.each(['', 'optimizer', 'update = ', '}{', 'import { x } from "std/nothing"'])(
    'is there for %j',
    (text) => {
      expect(() => outlineOf({ kind: 'outline', text, fileName: 'a.opt' })).not.toThrow()
    },
  )
})

describe('what is compiled', () => {
  test.each(targetNames)('to %s is a module with the names of the program', async (target) => {
    const runtime = 'import'
    const found = await compileText({ kind: 'compile', ...first, target, runtime })
    if (found.kind === 'none') throw new Error(found.reason)
    const words = new Set(found.files[0]!.text.match(/[\p{L}\p{N}_]+/gu)?.map(linkKey))
    for (const name of ['MyAdam', 'beta1', 'beta2', 'epsilon', 'm_hat', 'v_hat'])
      expect(words).toContain(linkKey(name))
  })

  test('is nothing, with the reason, where there are errors or no definitions', async () => {
    const ask = { kind: 'compile', fileName: 'a.opt', target: 'ts', runtime: 'paste' } as const
    expect(await compileText({ ...ask, text: 'optimizer A() { update = }' })).toEqual({
      kind: 'none',
      reason: 'the program has errors',
    })
    expect(await compileText({ ...ask, text: 'fn double(x) = 2 * x' })).toEqual({
      kind: 'none',
      reason: 'the program declares nothing to compile',
    })
  })
})

describe('mutants', () => {
  const question = { kind: 'mutants', ...first, space: 'modern', seed: 0, count: 6 } as const
  const never = new AbortController().signal

  test('are programs without errors that differ, with the lines that say how', async () => {
    const { mutants, problem, spaces } = await mutantsOf(question, never)
    expect(problem).toBeUndefined()
    expect(spaces).toContain('modern')
    expect(new Set(mutants.map(({ text }) => text)).size).toBe(mutants.length)
    expect(mutants.length).toBeGreaterThan(3)
    for (const { text, words, changes } of mutants) {
      expect((await check(text)).value.valid).toBe(true)
      expect(words).toMatch(/ /)
      const lines = changes.map(({ kind, stretches }) => ({
        kind,
        line: stretches.map((each) => each.text).join(''),
      }))
      expect(lines.length).toBeGreaterThan(0)
      for (const { kind, line } of lines)
        expect((kind === 'added' ? text : FIRST_PROGRAM).split('\n')).toContain(line)
    }
  })

  test('are the same for the same seeds', async () => {
    const twice = [await mutantsOf(question, never), await mutantsOf(question, never)]
    expect(twice[0]).toEqual(twice[1])
  })

  test('end with the reason where there are none', async () => {
    const broken = await mutantsOf({ ...question, text: 'optimizer A() { update = }' }, never)
    expect(broken.mutants).toEqual([])
    expect(broken.problem).toMatch(/expression/)
    const nowhere = await mutantsOf({ ...question, space: 'nowhere' }, never)
    expect(nowhere.problem).toBe('there is no search space nowhere')
  })

  test('are given up when nobody waits', async () => {
    await expect(mutantsOf(question, AbortSignal.abort())).rejects.toThrow()
  })
})

describe('the gallery', () => {
  const entries = galleryEntries()

  test('has every file of the library, with a sentence of its own', () => {
    expect(entries.length).toBeGreaterThan(60)
    for (const { summary, name } of entries)
      expect([name, summary]).toEqual([name, expect.stringMatching(/^\S.+[.:]$/)])
    expect(entries[0]!.holds).toBe('optimizer')
    expect(entries.at(-1)!.holds).not.toBe('optimizer')
  })

  test('is searched by all words; names and summaries come first', () => {
    const names = (wanted: string): string[] =>
      searchEntries(entries, wanted).map(({ name }) => name)
    expect(names('')).toHaveLength(entries.length)
    expect(names('LION sign')).toContain('std/lion')
    expect(names('xyzzy')).toEqual([])
    expect(names('shampoo')[0]).toBe('std/shampoo')
    expect(names('shampoo')).toContain('std/soap')
  })
})

test('a name has one key in every language', () => {
  for (const name of ['weight_decay', 'weightDecay', 'WeightDecay'])
    expect(linkKey(name)).toBe('weight-decay')
  expect(linkKey('beta1')).toBe(linkKey('beta1'))
})

import { describe, expect, test } from 'vitest'
import { completionsAt } from '../../../src/language/editor/completion/completion.ts'
import type { Completion } from '../../../src/language/editor/completion/item.ts'
import { applyEdits } from '../../../src/language/editor/edits.ts'
import { marked, workspaceOf } from './programs.ts'

const OTHER = '/// Doubles.\nfn twice(x) = 2 * x\nfn thrice(x) = 3 * x\n'

/** What can be written at `|`, the likeliest first. */
function completions(written: string): readonly Completion[] {
  const { text, offset } = marked(written)
  const workspace = workspaceOf({ 'main.opt': text, 'other.opt': OTHER })
  const main = [...workspace.modules()].find(({ source }) => source.path === 'main.opt')!
  return completionsAt(main, offset, workspace).items.toSorted((a, b) => a.rank - b.rank)
}

const labels = (written: string): readonly string[] =>
  completions(written).map(({ label }) => label)

describe('completion', () => {
  test('of values knows what is visible at a place', () => {
    const rule = (inside: string): string =>
      `optimizer A(rate = 1) {\n  state m = 0\n  let before = g\n  ${inside}\n  let after = g\n}\n`
    const found = labels(rule('update = rate * |'))
    for (const name of ['rate', 'm', 'before', 'g', 'w', 't', 'T', 'pi', 'ema'])
      expect(found).toContain(name)
    expect(found).not.toContain('after')
    expect(found).not.toContain('lr')
    const nested = labels(rule('if rank(w) >= 2 {\n    let inner = g\n    m = |\n  }\n'))
    expect(nested).toContain('inner')
    expect(labels(rule('if rank(w) >= 2 {\n    let inner = g\n  }\n  update = |'))).not.toContain(
      'inner',
    )
  })

  test('of values goes on in broken programs', () => {
    const broken = 'let a = (\nlet b = 2 *\nupdate = lr * |'
    for (const name of ['a', 'b', 'lr', 'g']) expect(labels(broken)).toContain(name)
    expect(labels('decay d(t, power = 2) = (1 - t / T)^|')).toContain('power')
    expect(labels('decay d(t, power = 2) = |')).not.toContain('g')
    expect(labels('fn f(x) {\n  let y = x\n  return |\n}\n')).toEqual(
      expect.arrayContaining(['x', 'y', 'g']) as string[],
    )
  })

  test('of statements offers words, and states to assign', () => {
    const found = labels('optimizer A(lr = 1) {\n  state m = 0\n  |\n}\n')
    expect(found[0]).toBe('m')
    for (const word of ['let', 'state', 'if', 'update', 'evaluate']) expect(found).toContain(word)
    expect(found).not.toContain('return')
    expect(found).not.toContain('optimizer')
    expect(labels('|')).toEqual(
      expect.arrayContaining([
        'optimizer',
        'schedule',
        'decay',
        'fn',
        'import',
        'update',
      ]) as string[],
    )
    expect(labels('fn f(x) {\n  |\n}\n')).toContain('return')
    expect(labels('space s {\n  |\n}\n')).toContain('operands')
  })

  test('of arguments offers those that are not given', () => {
    const given = completions('update = lr * nesterov(g, |)\n')
    expect(given[0]).toMatchObject({ label: 'mu =', text: 'mu = ', rank: 0 })
    expect(labels('update = lr * nesterov(step = g, |)\n')).not.toContain('step =')
    expect(labels('update = lr * mean(g, |)\n')[0]).not.toBe('inputs')
    expect(labels('update = lr * mean(g, over = |)\n')).toEqual(['inputs', 'outputs'])
  })

  test('of imports offers files and what they declare', () => {
    expect(labels('import { a } from "|"\n')).toEqual(
      expect.arrayContaining(['./other.opt', 'std/adam', 'std/schedules']) as string[],
    )
    expect(labels('import { | } from "./other.opt"\n')).toEqual(['twice', 'thrice'])
    expect(labels('import { twice, | } from "./other.opt"\n')).toEqual(['thrice'])
    expect(labels('import { w| } from "std/schedules"\n')).toContain('warmup_linear')
  })

  test('of a function of the library brings its import, beside those there are', () => {
    const written = 'import { warmup_linear } from "std/schedules"\nupdate = lr * step| * g\n'
    const { text } = marked(written)
    const item = completions(written).find(({ label }) => label === 'step_decay')!
    expect(applyEdits(text, item.edits!)).toBe(
      'import { warmup_linear, step_decay } from "std/schedules"\nupdate = lr * step * g\n',
    )
  })

  test.each([
    ['// a comment |'],
    ['let |'],
    ['state m|'],
    ['fn |'],
    ['decay na|'],
    ['import { twice as |'],
    ['update = 1|'],
    ['update = 1e|'],
    ['optimizer A(|b = 1) {'],
  ])('offers no names at %j', (written) => {
    expect(
      labels(written).filter((label) => label !== 'pi' && label !== 'e' && label !== 'inf'),
    ).toEqual([])
  })

  test('replaces the word that is written', () => {
    const { text, offset } = marked('update = lr * dec|ay\n')
    const workspace = workspaceOf({ 'main.opt': text })
    const [main] = [...workspace.modules()]
    expect(completionsAt(main!, offset, workspace).span).toEqual({ start: 14, end: 17 })
  })
})

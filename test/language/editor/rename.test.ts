import { describe, expect, test } from 'vitest'
import { applyEdits } from '../../../src/language/editor/edits.ts'
import { renameableAt, renameAt } from '../../../src/language/editor/rename.ts'
import { analysisOf, marked, workspaceOf } from './programs.ts'
import { countRenames } from './rename.ts'

/** The texts of a workspace after renaming what stands at `|` in `main.opt`; the reason where it is refused. */
function renamed(
  files: Readonly<Record<string, string>>,
  wanted: string,
): Readonly<Record<string, string>> | string {
  const { text, offset } = marked(files['main.opt']!)
  const texts: Record<string, string> = { ...files, 'main.opt': text }
  const workspace = workspaceOf(texts)
  const main = [...workspace.modules()].find(({ source }) => source.path === 'main.opt')!
  const answer = renameAt(main, offset, wanted, workspace)
  if (answer.kind === 'refused') return answer.reason
  for (const { path, edits } of answer.value) texts[path] = applyEdits(texts[path]!, edits)
  return texts
}

describe('renaming', () => {
  test('goes through all files, and stops at other names for the same', () => {
    expect(
      renamed(
        {
          'main.opt': 'fn tw|ice(x) = 2 * x\n\nupdate = lr * twice(g)\n',
          'user.opt': 'import { twice } from "./main.opt"\nupdate = lr * twice(x = g)\n',
          'alias.opt': 'import { twice as two } from "./main.opt"\nupdate = lr * two(g)\n',
          'other.opt': 'fn twice(x) = x\n',
        },
        'double',
      ),
    ).toEqual({
      'main.opt': 'fn double(x) = 2 * x\n\nupdate = lr * double(g)\n',
      'user.opt': 'import { double } from "./main.opt"\nupdate = lr * double(x = g)\n',
      'alias.opt': 'import { double as two } from "./main.opt"\nupdate = lr * two(g)\n',
      'other.opt': 'fn twice(x) = x\n',
    })
  })

  test('of a parameter reaches arguments in other files', () => {
    expect(
      renamed(
        {
          'main.opt': 'fn twice(|x) = 2 * x\n',
          'user.opt': 'import { twice } from "./main.opt"\nupdate = lr * twice(x = g)\n',
        },
        'value',
      ),
    ).toEqual({
      'main.opt': 'fn twice(value) = 2 * value\n',
      'user.opt': 'import { twice } from "./main.opt"\nupdate = lr * twice(value = g)\n',
    })
  })

  test('of another name for an import stays in its file', () => {
    expect(
      renamed(
        {
          'main.opt': 'import { twice as two } from "./other.opt"\nupdate = lr * tw|o(g)\n',
          'other.opt': 'fn twice(x) = 2 * x\n',
        },
        'double',
      ),
    ).toEqual({
      'main.opt': 'import { twice as double } from "./other.opt"\nupdate = lr * double(g)\n',
      'other.opt': 'fn twice(x) = 2 * x\n',
    })
  })

  const body = 'let a = 1\nlet |b = 2\nupdate = lr * a * b * g\n'
  test.each([
    [body, '', '`` is no name'],
    [body, 'a b', '`a b` is no name'],
    [body, '2b', '`2b` is no name'],
    [body, 'b // c', 'is no name'],
    [body, 'let', '`let` is a word of the language'],
    [body, 'and', '`and` is a word of the language'],
    [body, 'update', '`update` cannot be declared: it says what one step subtracts'],
    [body, 'g', '`g` cannot be declared: it is always the gradient'],
    [body, 'sqrt', '`sqrt` cannot be declared: it is an operator'],
    [body, 'a', 'the name `a` is taken: line 3 of `main.opt` would mean something else'],
    [body, 'lr', 'the name `lr` is taken'],
    ['update = |lr * g\n', 'rate', 'the learning rate that every file of statements has'],
    ['update = lr * |g\n', 'h', '`g` is always there and has no other name'],
    ['update = lr * ema|(g, 0.9)\n', 'average', '`ema` is declared in `std/prelude`'],
    ['update = lr * sq|rt(g)\n', 'root', '`sqrt` is an operator of the language'],
    ['up|date = lr * g\n', 'step', 'what the language calls the result of a step'],
    ['update = lr * mean(g, over = in|puts)\n', 'rows', '`inputs` is an axis of a parameter'],
    ['update = | lr * g\n', 'rows', 'no name that is declared stands here'],
    [
      'fn f(x) = ema(x, 0.9)\nfn |h(x) = f(x)\nupdate = lr * h(g)\n',
      'ema',
      'the name `ema` is taken',
    ],
  ])('%j to %j is refused', (text, wanted, reason) => {
    expect(renamed({ 'main.opt': text }, wanted)).toContain(reason)
  })

  test('of an unused or unknown name in a broken file answers', () => {
    const { text, offset } = marked('let |a = \nupdate = lr * a * (\n')
    expect(renameableAt(analysisOf(text), offset)).toEqual({
      kind: 'done',
      value: { span: { start: 4, end: 5 }, name: 'a' },
    })
  })

  test('leaves what a program computes, whatever is renamed to whatever', () => {
    const { same, refused, different } = countRenames(40)
    expect(different).toEqual([])
    expect(same).toBeGreaterThan(5)
    expect(refused).toBeGreaterThan(5)
  })
})

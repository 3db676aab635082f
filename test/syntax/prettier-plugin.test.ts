import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format as prettier } from 'prettier'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lex } from '../../grammar/lex.ts'
import { keepsMeaning } from '../../src/language/refactor/meaning.ts'
import { createRandom, rootKey, type Random } from '../../src/operators/random.ts'
import { parse } from '../../src/syntax/parse.ts'
import { equal } from '../../src/syntax/traverse.ts'
import { analysisOf, libraryPrograms } from '../language/editor/programs.ts'
import { format, print, printWidth } from '../../src/syntax/print.ts'
import * as plugin from '../../src/syntax/prettier-plugin.ts'
import { arbitraryModule } from './arbitrary.ts'

const folder = fileURLToPath(new URL('./golden/', import.meta.url))
const throughPrettier = (text: string): Promise<string> =>
  prettier(text, { filepath: 'program.opt', plugins: [plugin], printWidth })

describe('the Prettier plugin', () => {
  it.each(readdirSync(folder))('does with %s what the formatter does', async (name) => {
    const text = readFileSync(`${folder}${name}/program.opt`, 'utf8')
    const { value, diagnostics } = format({ path: 'program.opt', text })
    if (diagnostics.length > 0) await expect(throughPrettier(text)).rejects.toThrow(SyntaxError)
    else expect(await throughPrettier(text)).toBe(value)
  })
  it('says where a file is wrong', async () => {
    await expect(throughPrettier('let a = 1\nlet b = *\n')).rejects.toMatchObject({
      loc: { start: { line: 2, column: 9 } },
      message: expect.stringContaining('expected an expression after `=`') as string,
    })
  })
  it('does with any program what the formatter does, and leaves it a second time', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryModule, async (module) => {
        const text = print(module)
        const once = await throughPrettier(text)
        expect(once).toBe(format({ path: 'program.opt', text }).value)
        expect(await throughPrettier(once)).toBe(once)
        expect(equal(parse({ path: 'program.opt', text: once }).value, module)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
  it('keeps comments wherever they stand, and what a program computes', async () => {
    const random = createRandom(rootKey(5))
    for (let round = 0; round < 25; round++) {
      const before = random.pick(libraryPrograms)
      const text = withComments(random, before.source.text)
      const once = await throughPrettier(text)
      expect(commentsOf(once)).toEqual(commentsOf(text))
      expect(await throughPrettier(once)).toBe(once)
      expect(keepsMeaning(before, analysisOf(once, before.source.path))).toBe(true)
    }
  })
})

/** The text with a comment behind some of its tokens, each with the end of its line. */
function withComments(random: Random, text: string): string {
  const ends = lex(text).tokens.map(({ startOffset, image }) => startOffset + image.length)
  let result = text
  for (const [index, end] of ends.toReversed().entries()) {
    // A line may end only where something is open or a line ends anyhow.
    const mayEnd = /^[ \t]*(?:[\n\r]|$)/.test(result.slice(end)) || /[({[,]/.test(result[end - 1]!)
    if (mayEnd && random.chance(0.2))
      result = `${result.slice(0, end)} // note ${index}\n${result.slice(end)}`
  }
  return result
}

/** The comments of a text without their order, which says nothing of what they stand at. */
function commentsOf(text: string): readonly string[] {
  return lex(text)
    .comments.map((comment) => comment.text.trimEnd())
    .sort()
}

import { describe, expect, it } from 'vitest'
import { createSession } from '../cli/session.ts'
import { ofOptc, problemOf, wordsOf, type Words } from './commands.ts'
import { blocksIn, filesOf, pageOf, pages } from './pages.ts'

/** What is quick and needs nothing that a page does not have. */
const QUICK = ['check', 'compile', 'explain', 'fmt', 'plot', 'tasks']

interface Shown {
  readonly place: string
  readonly words: Words
}

const inBlocks = blocksIn('sh').flatMap((block) =>
  wordsOf(block.text).map((words) => ({
    place: block.place,
    words,
    files: filesOf(pageOf(block)),
  })),
)

/** Command lines that stand in running text, or in front of what they print. */
const elsewhere: readonly Shown[] = pages.flatMap(({ code, blocks }) => [
  ...code
    .filter(({ text }) => /^(npx optc|optc|npm run|npx vitest) /.test(text))
    .map(({ place, text }) => ({ place, words: wordsOf(text.replaceAll('...', ''))[0]! })),
  ...blocks
    .filter(({ language }) => language === '')
    .flatMap(({ place, text }) =>
      [...text.matchAll(/^\$ (.+)$/gm)].map(([, line]) => ({ place, words: wordsOf(line!)[0]! })),
    ),
])

describe('commands on pages', () => {
  it('are many', () => {
    expect(inBlocks.length).toBeGreaterThan(20)
    expect(elsewhere.length).toBeGreaterThan(20)
  })

  it('are those that there are, with options that they have', () => {
    const problems = [...inBlocks, ...elsewhere].flatMap(({ place, words }) => {
      const problem = problemOf(words)
      return problem === undefined ? [] : [`${place}: ${problem}, in ${words.join(' ')}`]
    })
    expect(problems).toEqual([])
  })

  it.each([
    ['npx optc trian std/adam', 'there is no command trian'],
    ['optc train std/adam --lrs 1', 'optc train has no --lrs'],
    ['python -m optc train std/adam --lrs 1', 'optc train has no --lrs'],
    ['npm run nothing', 'there is no script nothing'],
    ['npx vitest run test/nowhere', 'test/nowhere is not there'],
    ['frobnicate it', 'frobnicate is not known'],
    ['npx optc train std/adam --lr=1 \\\n  --seeds 3 # optc nothing', undefined],
  ])('%s', (line, problem) => {
    expect(wordsOf(line).map(problemOf)).toEqual([problem])
  })
})

const quick = inBlocks.flatMap(({ place, words, files }) => {
  const line = ofOptc(words)
  const isWhole = line?.every((word) => !/[A-Z]{2}|>/.test(word)) === true
  const isHere = line?.every((word) => !/^[\w-]+\.\w+$/.test(word) || word in files) === true
  return isWhole && isHere && QUICK.includes(line[0]!) && !line.includes('--task')
    ? [{ place, line, files }]
    : []
})

it('some commands are quick', () => {
  expect(quick.length).toBeGreaterThan(5)
})

it.each(quick)('$place: optc $line', async ({ line, files }) => {
  const { exitCode, stderr } = await createSession(files).run(line)
  expect(stderr).not.toMatch(/^error/m)
  expect(exitCode).toBe(0)
})

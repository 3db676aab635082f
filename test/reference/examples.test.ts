import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/compile.ts'
import { createSources } from '../../src/hosts/cli/sources.ts'
import { chapters } from '../../src/reference/topics/chapters.ts'
import { format } from '../../src/syntax/print.ts'
import { examplesOn, type Example } from './examples.ts'
import { pages } from './topics.ts'

const { loader, library } = createSources('.')
/** What a page calls the file of a program, which may import itself. */
const MAIN = 'main.opt'

function codesOf({ text }: Example): readonly string[] {
  const source = { path: MAIN, text }
  const found = analyze(source, (specifier, from) =>
    specifier === `./${MAIN}` ? source : loader(specifier, from),
  )
  return [...new Set(found.diagnostics.map(({ code }) => code))].sort()
}

it.each(pages)(
  'the page of $group: $name shows programs that give what it says',
  ({ name, markdown }) => {
    for (const example of examplesOn(markdown)) {
      if (example.from !== undefined)
        expect(library(example.from)?.text, name).toContain(example.text.trimEnd())
      else if (!example.isPart) expect(codesOf(example), example.text).toEqual([...example.codes])
    }
  },
)

describe.each(chapters())('the chapter $name', ({ text }) => {
  it('shows right programs as `optc fmt` writes them, each whole', () => {
    for (const { text: written, codes, isPart, from } of examplesOn(text)) {
      expect({ isPart, from }).toEqual({ isPart: false, from: undefined })
      if (codes.length === 0) expect(format({ path: MAIN, text: written }).value).toBe(written)
    }
  })
})

it('finds what is wrong with a program, so that the pages above are held to something', () => {
  const [right, wrong] = examplesOn(
    '```opt\nupdate = lr * g\n```\n\n```opt,error=unknown-name\nupdate = lr * gg\n```',
  )
  expect(codesOf(right!)).toEqual([])
  expect(codesOf(wrong!)).toEqual(wrong!.codes)
  expect(codesOf({ ...right!, text: wrong!.text })).not.toEqual(right!.codes)
})

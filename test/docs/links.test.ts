import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pageAt, pages, readPage, root, targetOf } from './pages.ts'

describe.each(pages)('$path', (page) => {
  it('links to what is there', () => {
    const wrong = page.links.filter((link) => {
      const target = targetOf(page, link)
      if (target === undefined) return false
      if (!existsSync(join(root, target.path))) return true
      return (
        target.anchor !== '' &&
        !pages.find(({ path }) => path === target.path)?.anchors.has(target.anchor)
      )
    })
    expect(wrong).toEqual([])
  })

  it('names files of the repository that are there', () => {
    // What is to be chosen is written in capitals.
    const wrong = page.code.filter(
      ({ text }) =>
        /^(\.ci|docs|examples|grammar|src|stdlib|test)\/[\w./-]+$/.test(text) &&
        !/[A-Z]{2}|\.\.\./.test(text) &&
        !existsSync(join(root, text)),
    )
    // A change is told of files as they were.
    expect(page.path === 'CHANGELOG.md' ? [] : wrong).toEqual([])
  })
})

it('every page of docs is reached from its table of contents', () => {
  const reached = new Set<string>()
  const follow = (path: string): void => {
    if (reached.has(path)) return
    reached.add(path)
    const page = pageAt(path)
    for (const link of page.links) {
      const target = targetOf(page, link)?.path
      if (target?.startsWith('docs/') === true && target.endsWith('.md')) follow(target)
    }
  }
  follow('docs/README.md')
  const documents = pages.map(({ path }) => path).filter((path) => path.startsWith('docs/'))
  expect(documents.filter((path) => !reached.has(path))).toEqual([])
})

it('the README is short', () => {
  expect(pageAt('README.md').text.split('\n').length).toBeLessThanOrEqual(150)
})

it('no sentence stands twice', () => {
  const seen = new Map<string, string>()
  const twice: string[] = []
  // Pages that are made from other texts share what these share.
  const written = pages.filter(({ path }) => !/^(docs\/reference|stdlib)\/|^CHANGELOG/.test(path))
  for (const { place, text } of written.flatMap(({ prose }) => prose)) {
    for (const sentence of text.split(/(?<=[.:;!?]) /).filter(({ length }) => length > 60)) {
      const first = seen.get(sentence)
      if (first !== undefined) twice.push(`${first} and ${place}: ${sentence}`)
      seen.set(sentence, place)
    }
  }
  expect(twice).toEqual([])
})

it('a page is read as GitHub reads it', () => {
  const { blocks, links, anchors } = readPage(
    'a.md',
    '# A `b` (c)\n\n## Twice\n\n## Twice\n\n[x](b.md#c) ![y](z.svg)\n\n```opt,error=no-effect\n[no](link)\n```\n\nprints\n\n```\nout\n```\n',
  )
  expect([...anchors]).toEqual(['a-b-c', 'twice', 'twice-1'])
  expect(links.map(({ target }) => target)).toEqual(['b.md#c', 'z.svg'])
  expect(blocks).toMatchObject([
    { place: 'a.md:9', language: 'opt', printed: 'out\n', text: '[no](link)\n' },
    { language: '', printed: undefined },
  ])
  expect(blocks[0]!.words.get('error')).toBe('no-effect')
})

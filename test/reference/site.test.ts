import { describe, expect, it } from 'vitest'
import { search } from '../../src/hosts/reference/search.ts'
import { createRenderer } from '../../src/reference/site/render.ts'
import { referenceSite, type SearchEntry } from '../../src/reference/site/site.ts'
import { topics } from './topics.ts'

const site = referenceSite(topics, '../index.html')
const pages = [...site].filter(([path]) => path.endsWith('.html'))

const idsOf = (text: string): readonly string[] =>
  [...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!)

/** The entries of the index, which is a module that exports one value of JSON. */
const entries = JSON.parse(
  site.get('search-index.js')!.replace(/^export const entries = /, ''),
) as readonly SearchEntry[]

function isThere(address: string, from: string): boolean {
  const [path = '', id] = address.split('#')
  const text = site.get(path === '' ? from : path)
  return text !== undefined && (id === undefined || idsOf(text).includes(id))
}

describe.each(pages)('%s', (path, text) => {
  it('has links that lead somewhere', () => {
    const addresses = [...text.matchAll(/ href="([^"]*)"/g)].map(([, address]) => address!)
    const own = ['reference.css', 'data:,', '../index.html']
    const wrong = addresses.filter(
      (address) =>
        !own.includes(address) && !/^https:\/\//.test(address) && !isThere(address, path),
    )
    expect(wrong).toEqual([])
    expect(addresses).toContain('../index.html')
  })

  it('has each id once', () => {
    const ids = idsOf(text)
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  })

  it('keeps to a policy without scripts and styles of its own', () => {
    expect(text).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(text).not.toMatch(/unsafe-/)
    expect(text).not.toMatch(/<style| style=| on[a-z]+="|javascript:/)
    expect([...text.matchAll(/<script[^>]*>/g)].map(([script]) => script)).toEqual([
      '<script type="module" src="reference.js">',
    ])
  })

  it('has every formula, and nothing of Markdown left in its text', () => {
    expect(text).not.toMatch(/tml-error|temml-error/)
    const outside = text.replace(/<(pre|code|math)\b.*?<\/\1>/gs, '').replace(/<[^>]*>/g, '')
    expect(outside).not.toMatch(/```|\*\*|\]\(|\\[a-z]+\{/)
  })
})

describe('rendering', () => {
  const render = createRenderer({ addressOf: () => undefined, drawings: new Map() })

  it('escapes everything that is markup elsewhere', () => {
    const { markup } = render('<script>alert(1)</script> `<b>` [x](javascript:alert(1))', 'page')
    expect(markup).not.toMatch(/<script|<b>|href="javascript/)
    expect(markup).toContain('&lt;script&gt;')
  })

  it('colours programs, and says what a wrong one is reported with', () => {
    const { markup } = render('```opt,error=unknown-name\nlet x = 2\n```', 'page')
    expect(markup).toContain('<span class="keyword">let</span>')
    expect(markup).toContain('href="diagnostics.html#unknown-name"')
    expect(render('```text\nlet x = 2\n```', 'page').markup).not.toContain('keyword')
  })

  it('names headings alike apart, signs too', () => {
    const { headings } = render('## A b\n\n## A b\n\n### `^`', 'page')
    expect(headings.map(({ id }) => id)).toEqual(['a-b', 'a-b-2', 'u5e'])
  })
})

describe('the search', () => {
  const first = (written: string): string | undefined => search(entries, written)[0]?.address

  it('knows every topic, and leads to places that there are', () => {
    for (const { name } of topics)
      expect(
        entries.some(({ names }) => names[0] === name),
        name,
      ).toBe(true)
    expect(
      entries.filter(({ address }) => !isThere(address, '')).map(({ names }) => names),
    ).toEqual([])
  })

  it.each([
    ['softplus', 'operators.html#softplus'],
    ['SoftPlus', 'operators.html#softplus'],
    ['adam', 'library.html#std-adam'],
    ['unknown name', 'diagnostics.html#unknown-name'],
    ['dim', 'axes.html'],
    ['^', 'operators.html#u5e'],
    ['integrity check', 'search.html#integrity-check'],
    ['warmup cosine', 'library-functions.html#warmup_hold_cosine'],
  ])('finds %s', (written, address) => {
    expect(first(written)).toBe(address)
  })

  it('puts names before summaries, and has an end', () => {
    expect(first('decay')).toBe('words.html#decay')
    expect(search(entries, 'a').length).toBeLessThanOrEqual(12)
    expect(search(entries, '   ')).toEqual([])
    expect(search(entries, 'no such thing at all')).toEqual([])
  })
})

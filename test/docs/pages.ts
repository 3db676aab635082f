import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, sep } from 'node:path'
import GithubSlugger from 'github-slugger'
import markdownIt, { type Token } from 'markdown-it'

/** The repository. */
export const root = join(import.meta.dirname, '../..')

/** A fenced block of a page. */
export interface Block {
  /** `PAGE:LINE`, where it begins. */
  readonly place: string
  /** `opt`, `ts`, `sh` and so on; empty for what programs print. */
  readonly language: string
  /** What follows the language, `error=CODE` or `of=std/adam`: a word each, and what stands behind its `=`. */
  readonly words: ReadonlyMap<string, string>
  readonly text: string
  /** What the page says that it prints: a block without a language that stands behind it, with words such as `prints` at most between. */
  readonly printed: string | undefined
}

/** A link or picture of a page, as it is written there. */
export interface Link {
  readonly place: string
  readonly target: string
}

/** A page in Markdown. */
export interface Page {
  /** From the root of the repository, with forward slashes. */
  readonly path: string
  readonly text: string
  readonly blocks: readonly Block[]
  readonly links: readonly Link[]
  /** What GitHub calls the headings in links. */
  readonly anchors: ReadonlySet<string>
  /** Code in running text. */
  readonly code: readonly { readonly place: string; readonly text: string }[]
  /** Running text without code, a paragraph, heading, point of a list or cell of a table each. */
  readonly prose: readonly { readonly place: string; readonly text: string }[]
}

const parser = markdownIt({ html: true })

function markdownBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name).split(sep).join('/'))
    .filter((path) => path.endsWith('.md'))
}

/** Every page that people read: those at the root, and all below docs, examples and stdlib. */
export const pages: readonly Page[] = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...['docs', 'examples', 'stdlib'].flatMap(markdownBelow),
]
  .sort()
  .map((path) => readPage(path, readFileSync(join(root, path), 'utf8')))

/** The page at a path from the root. Throws when there is none. */
export function pageAt(path: string): Page {
  const page = pages.find((other) => other.path === path)
  if (page === undefined) throw new Error(`${path} is not there`)
  return page
}

/** A text in Markdown, read. */
export function readPage(path: string, text: string): Page {
  const tokens = parser.parse(text, {})
  const placeOf = (line: number | undefined): string => `${path}:${(line ?? 0) + 1}`
  const slugger = new GithubSlugger()
  const anchors = new Set<string>()
  const links: Link[] = []
  const code: { place: string; text: string }[] = []
  const prose: { place: string; text: string }[] = []
  for (const [index, token] of tokens.entries()) {
    if (token.type !== 'inline') continue
    const place = placeOf(token.map?.[0])
    const children = token.children ?? []
    if (tokens[index - 1]?.type === 'heading_open')
      anchors.add(slugger.slug(children.map(({ content }) => content).join('')))
    for (const child of children) {
      const target = child.attrGet('href') ?? child.attrGet('src')
      if (target !== null) links.push({ place, target: String(target) })
      if (child.type === 'code_inline') code.push({ place, text: child.content })
    }
    prose.push({ place, text: children.map(plainText).join('') })
  }
  return { path, text, blocks: blocksOf(tokens, placeOf), links, anchors, code, prose }
}

function plainText({ type, content }: Token): string {
  if (type === 'softbreak') return ' '
  return type === 'text' ? content : type === 'code_inline' ? '`' : ''
}

function blocksOf(tokens: readonly Token[], placeOf: (line?: number) => string): Block[] {
  return tokens.flatMap((token, index) => {
    if (token.type !== 'fence') return []
    const [language = '', ...words] = token.info.trim().split(/[\s,]+/)
    return [
      {
        place: placeOf(token.map?.[0]),
        language,
        words: new Map(words.map((word) => splitOnce(word, '='))),
        text: token.content,
        printed: language === '' ? undefined : printedAfter(tokens.slice(index + 1)),
      },
    ]
  })
}

function printedAfter(tokens: readonly Token[]): string | undefined {
  const next = tokens.findIndex(({ type }) => type === 'fence')
  if (next === -1 || tokens[next]!.info !== '') return undefined
  const between = tokens.slice(0, next).flatMap(({ type, content }) => {
    return type === 'inline' || type === 'html_block' ? [content] : []
  })
  return between.every((text) => text === 'prints') ? tokens[next]!.content : undefined
}

function splitOnce(text: string, sign: string): readonly [string, string] {
  const place = text.indexOf(sign)
  return place === -1 ? [text, ''] : [text.slice(0, place), text.slice(place + sign.length)]
}

/** The blocks of all pages in a language. */
export function blocksIn(...languages: readonly string[]): readonly Block[] {
  return pages.flatMap(({ blocks }) =>
    blocks.filter(({ language }) => languages.includes(language)),
  )
}

/** How a block begins that is a file. */
export const NAMED = /^(?:\/\/|#) ([\w-]+\.\w+)\n/

/** The files that a page shows with their names, `// mine.opt` in the first line, and their texts. */
export function filesOf({ blocks }: Page): Readonly<Record<string, string>> {
  return Object.fromEntries(
    blocks.flatMap(({ text }) => {
      const [, name] = NAMED.exec(text) ?? []
      return name === undefined ? [] : [[name, text]]
    }),
  )
}

/** The page on which a block stands. */
export function pageOf(block: Block): Page {
  return pageAt(block.place.slice(0, block.place.lastIndexOf(':')))
}

/** Where a link of a page leads: a path from the root, and the heading. Undefined where it leads out of the repository. */
export function targetOf(
  page: Page,
  { target }: Link,
): { readonly path: string; readonly anchor: string } | undefined {
  if (/^[a-z]+:/.test(target)) return undefined
  const [path, anchor] = splitOnce(target, '#')
  return {
    path: path === '' ? page.path : posix.normalize(posix.join(dirname(page.path), path)),
    anchor,
  }
}

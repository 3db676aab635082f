import { railroadDiagrams } from '../../../grammar/generate/railroad.ts'
import { contentsPage, placeOf, referencePages, type ReferencePage } from '../pages.ts'
import type { Topic } from '../topic.ts'
import { layoutPage } from './layout.ts'
import { anchorOf, createRenderer, type Heading } from './render.ts'

/** Something that the search of the site finds. */
export interface SearchEntry {
  /** What it is called, and what else it is asked for by. */
  readonly names: readonly string[]
  /** What kind of thing it is. */
  readonly group: string
  readonly summary: string
  /** Its address from the folder of the site. */
  readonly address: string
}

/** The page that lists the others. */
const CONTENTS = 'index'

/**
 * The reference as static files by their paths: a page of HTML for each, and `search-index.js`, which exports what is searched.
 * Pages ask for `reference.css` and `reference.js` beside them, and have neither scripts nor styles of their own.
 */
export function referenceSite(topics: readonly Topic[]): ReadonlyMap<string, string> {
  const pages = referencePages(topics)
  const contents: ReferencePage = {
    name: CONTENTS,
    title: 'Reference',
    summary: 'The language, and everything that can be looked up in it.',
    isChapter: false,
    markdown: contentsPage(pages),
  }
  const addresses = addressesOf(topics)
  const drawings = new Map(
    railroadDiagrams().map(({ name, svg }) => [`railroad/${name}.svg`, lowerLinks(svg)]),
  )
  const render = createRenderer({ addressOf: (name) => addresses.get(name), drawings })
  const rendered = [contents, ...pages].map((page) => ({ page, ...render(page.markdown) }))
  const files = rendered.map(({ page, markup, headings }): [string, string] => [
    `${page.name}.html`,
    layoutPage({ page, pages, markup, headings }),
  ])
  const entries = [...topicEntries(topics), ...rendered.flatMap(chapterEntries)]
  return new Map([
    ...files,
    ['search-index.js', `export const entries = ${JSON.stringify(entries)}\n`],
  ])
}

/** Links of diagrams go to headings, whose names are in small letters. */
function lowerLinks(svg: string): string {
  return svg.replace(/href="#(\w+)"/g, (_, name: string) => `href="#${anchorOf(name)}"`)
}

/** Where names are explained; the first thing of a name has it. */
function addressesOf(topics: readonly Topic[]): ReadonlyMap<string, string> {
  const addresses = new Map<string, string>()
  const add = (name: string, topic: Topic): void => {
    if (!addresses.has(name)) addresses.set(name, addressOfTopic(topic))
    const asked = `optc explain ${name}`
    if (!addresses.has(asked)) addresses.set(asked, addressOfTopic(topic))
  }
  for (const topic of topics) add(topic.name, topic)
  for (const topic of topics) for (const name of topic.also ?? []) add(name, topic)
  for (const topic of topics)
    if (topic.group === 'Commands') addresses.set(`optc ${topic.name}`, addressOfTopic(topic))
  return addresses
}

function addressOfTopic(topic: Topic): string {
  const { page, heading } = placeOf(topic)
  return `${page}.html${heading === undefined ? '' : `#${anchorOf(heading)}`}`
}

function topicEntries(topics: readonly Topic[]): readonly SearchEntry[] {
  const entries = topics.map((topic): SearchEntry => ({
    names: [topic.name, ...(topic.also ?? [])],
    group: topic.group,
    summary: topic.summary,
    address: addressOfTopic(topic),
  }))
  // Forms of one operator are one entry.
  return entries.filter(
    ({ names, address }, index) =>
      entries.findIndex((each) => each.names[0] === names[0] && each.address === address) === index,
  )
}

/** The parts of a chapter. */
function chapterEntries({
  page,
  headings,
}: {
  readonly page: ReferencePage
  readonly headings: readonly Heading[]
}): readonly SearchEntry[] {
  if (!page.isChapter) return []
  return headings
    .filter(({ level }) => level > 1)
    .map(({ text, id }) => ({
      names: [text],
      group: page.title,
      summary: page.summary,
      address: `${page.name}.html#${id}`,
    }))
}

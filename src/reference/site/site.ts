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
 * `playground`: the address of the page that each page links to beside its name. Pages ask for `reference.css` and `reference.js` beside them, and have neither scripts nor styles of their own.
 */
export function referenceSite(
  topics: readonly Topic[],
  playground?: string,
): ReadonlyMap<string, string> {
  const pages = referencePages(topics)
  const contents: ReferencePage = {
    name: CONTENTS,
    title: 'Reference',
    summary: 'The language, and everything that can be looked up in it.',
    isChapter: false,
    markdown: contentsPage(pages),
  }
  const drawings = new Map(
    railroadDiagrams().map(({ name, svg }) => [`railroad/${name}.svg`, lowerLinks(svg)]),
  )
  const render = createRenderer({ addressOf: linksOf(topics), drawings })
  const rendered = [contents, ...pages].map((page) => ({
    page,
    ...render(page.markdown, page.name),
  }))
  const files = rendered.map(({ page, markup, headings }): [string, string] => [
    `${page.name}.html`,
    layoutPage({ page, pages, markup, headings, playground }),
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

/** Pages on which the words of a search mean what a search means by them; elsewhere `constant` is no filter. */
const ABOUT_SEARCHES: ReadonlySet<string> = new Set(['search', 'searching'])
/** Pages whose code is no program. */
const WITHOUT_LINKS: ReadonlySet<string> = new Set(['grammar'])

/** Where names are explained: the first topic of a name has it, on pages about searches that of the search. */
function linksOf(topics: readonly Topic[]): (name: string, page: string) => string | undefined {
  const isCommand = ({ group }: Topic): boolean => group === 'Commands'
  const ofSearches = topics.filter((topic) => placeOf(topic).page === 'search')
  const ofLanguage = topics.filter((topic) => !ofSearches.includes(topic) && !isCommand(topic))
  const language = addressesOf(ofLanguage)
  const searches = addressesOf(ofSearches)
  const asked = new Map([...addressesOf(topics)].map(([name, to]) => [`optc explain ${name}`, to]))
  const commands = new Map(
    topics.filter(isCommand).map((topic) => [`optc ${topic.name}`, addressOfTopic(topic)]),
  )
  return (name, page) => {
    if (WITHOUT_LINKS.has(page)) return undefined
    const ofSearch = ABOUT_SEARCHES.has(page) ? searches.get(name) : undefined
    return asked.get(name) ?? commands.get(name) ?? ofSearch ?? language.get(name)
  }
}

function addressesOf(topics: readonly Topic[]): ReadonlyMap<string, string> {
  const addresses = new Map<string, string>()
  const add = (name: string, topic: Topic): void => {
    if (!addresses.has(name)) addresses.set(name, addressOfTopic(topic))
  }
  for (const topic of topics) add(topic.name, topic)
  for (const topic of topics) for (const name of topic.also ?? []) add(name, topic)
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
    summary: topic.summary.replaceAll('`', ''),
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

import { ebnfRules, lexicalRules } from '../../grammar/generate/ebnf.ts'
import { fenced, joined, table } from './markdown/write.ts'
import type { Topic } from './topic.ts'
import { chapters } from './topics/chapters.ts'
import { GRAMMAR_INTRODUCTION } from './topics/grammar.ts'

/** A page of the reference as it is read in files and in a browser. */
export interface ReferencePage {
  /** Its file without an ending; others link to it as `NAME.md`. */
  readonly name: string
  readonly title: string
  /** One sentence. */
  readonly summary: string
  /** Whether it is a chapter, to be read after the one before. */
  readonly isChapter: boolean
  /** Markdown, with its title. */
  readonly markdown: string
}

/** Topics that are on one page, by their groups. */
interface Collection {
  readonly name: string
  readonly title: string
  readonly summary: string
  readonly holds: (group: string) => boolean
}

const COLLECTIONS: readonly Collection[] = [
  {
    name: 'words',
    title: 'Words and names',
    summary: 'The words of the language, and the names that every program knows.',
    holds: (group) => /^(Words of the language|Names that)/.test(group),
  },
  {
    name: 'operators',
    title: 'Operators',
    summary: 'Every operator: formula, derivative, values at the corners, and what targets write.',
    holds: (group) => group.startsWith('Operators'),
  },
  {
    name: 'library-functions',
    title: 'Library functions',
    summary: 'Functions, schedules and decays of the standard library, for rules of your own.',
    holds: (group) => group.startsWith('Library functions'),
  },
  {
    name: 'library',
    title: 'Library files',
    summary: 'The optimizers and schedules of the standard library, with sources and defaults.',
    holds: (group) => group === 'Library files',
  },
  {
    name: 'search',
    title: 'The search',
    summary: 'The words that a search is told by, its filters, and what a space may say.',
    holds: (group) => /search/.test(group),
  },
  {
    name: 'commands',
    title: 'Commands',
    summary: 'The command line: what each command does, its options and examples.',
    holds: (group) => group === 'Commands',
  },
  {
    name: 'diagnostics',
    title: 'Diagnostics',
    summary: 'Every error and warning, each with a wrong and a right program.',
    holds: (group) => group === 'Diagnostics',
  },
]

/** The text of an entry's heading, and the topics below it: those of one name in one group. */
interface Entry {
  readonly name: string
  readonly topics: readonly Topic[]
}

/** The pages of the reference in the order of its contents: the chapters, the grammar, then what is looked up. */
export function referencePages(topics: readonly Topic[]): readonly ReferencePage[] {
  return [
    ...chapters().map(({ name, title, summary, text }) => ({
      name,
      title,
      summary,
      isChapter: true,
      markdown: text.trimEnd(),
    })),
    grammarPage(),
    ...COLLECTIONS.map((collection) => collectionPage(collection, topics)),
  ]
}

/** Where a topic stands: the page, and the heading on it. */
export function placeOf({ group, name }: Topic): { page: string; heading: string | undefined } {
  const found = COLLECTIONS.find(({ holds }) => holds(group))
  return found === undefined
    ? { page: name, heading: undefined }
    : { page: found.name, heading: name }
}

/** The page that lists the others. */
export function contentsPage(pages: readonly ReferencePage[]): string {
  const row = ({ name, title, summary }: ReferencePage): readonly string[] => [
    `[${title}](${name}.md)`,
    summary,
  ]
  return joined(
    '# Reference',
    'The language, from top to bottom, and everything that can be looked up in it. The same pages are shown by `optc explain NAME` in a terminal.',
    table(['chapter', 'what it tells'], pages.filter(({ isChapter }) => isChapter).map(row)),
    table(['to look up', 'what it holds'], pages.filter(({ isChapter }) => !isChapter).map(row)),
  )
}

function grammarPage(): ReferencePage {
  const rules = [...ebnfRules()].map(([name, rule]) =>
    joined(
      `## ${name}`,
      fenced('text', rule),
      `![The rule ${name} as a diagram](railroad/${name}.svg)`,
    ),
  )
  return {
    name: 'grammar',
    title: 'Grammar',
    summary: 'The rules by which programs are written, as EBNF and as railroad diagrams.',
    isChapter: false,
    markdown: joined(
      '# Grammar',
      GRAMMAR_INTRODUCTION,
      ...rules,
      '## Tokens',
      fenced('text', lexicalRules),
    ),
  }
}

function collectionPage(
  { name, title, summary, holds }: Collection,
  topics: readonly Topic[],
): ReferencePage {
  const members = topics.filter(({ group }) => holds(group))
  const groups = [...new Set(members.map(({ group }) => group))]
  const sections = groups.flatMap((group) => [
    `## ${group}`,
    ...entriesOf(members.filter((topic) => topic.group === group)).map(entryText),
  ])
  return {
    name,
    title,
    summary,
    isChapter: false,
    markdown: joined(`# ${title}`, summary, ...sections),
  }
}

function entriesOf(topics: readonly Topic[]): readonly Entry[] {
  const names = [...new Set(topics.map(({ name }) => name))]
  return names.map((name) => ({ name, topics: topics.filter((topic) => topic.name === name) }))
}

function entryText({ name, topics }: Entry): string {
  return joined(`### \`${name}\``, ...topics.map(({ page }) => page()))
}

import { libraryFiles } from '../language/imports.ts'
import { terminalText } from '../reference/markdown/terminal.ts'
import type { Topic } from '../reference/topic.ts'
import { allTopics, findTopics } from '../reference/topics.ts'
import { librarySource } from './sources.ts'
import { standardLibrary } from './standard-library.ts'

/** Something that `explain` has a page for: `group` is the heading it is listed under, `summary` one line. */
export type TopicSummary = Pick<Topic, 'name' | 'group' | 'summary'>

/** What `explain` found. */
export interface Explanation {
  /** What was asked for, without what diagnostics and documentation print around it. */
  readonly name: string
  /** Text; undefined when nothing has that name. */
  readonly page: string | undefined
  /** A name that was perhaps meant, where there is no page. */
  readonly meant: string | undefined
}

export interface ExplainOptions {
  /** Characters of a line, where it can be broken; 80 when absent. */
  readonly columns?: number
}

let known: readonly Topic[] | undefined

const all = (): readonly Topic[] =>
  (known ??= allTopics({
    names: libraryFiles(Object.keys(standardLibrary)),
    read: librarySource,
  }))

/** Everything there is a page for, in the order of `optc explain`: words, operators, the library, diagnostic codes. */
export function topics(): readonly TopicSummary[] {
  return all().map(({ name, group, summary }) => ({ name, group, summary }))
}

/** The page of a word, an operator, a library name or a diagnostic code, also as written in `error[unknown-name]`. Never throws. */
export function explain(written: string, { columns = 80 }: ExplainOptions = {}): Explanation {
  const { name, topics: found, meant } = findTopics(all(), written)
  const pages = found.map(({ page }) => terminalText(page(), { columns }))
  return { name, page: pages.length === 0 ? undefined : pages.join('\n\n'), meant }
}

import { nearest } from '../diagnostics/suggest.ts'
import type { LibraryReader } from '../language/imports.ts'
import { chapterTopics } from './topics/chapters.ts'
import { commandTopics, type DescribedCommand } from './topics/commands.ts'
import { diagnosticTopics } from './topics/diagnostics.ts'
import { grammarTopic } from './topics/grammar.ts'
import { libraryTopics } from './topics/library.ts'
import { operatorTopics } from './topics/operators.ts'
import { searchTopics } from './topics/search.ts'
import { spaceTopics, wordTopics } from './topics/words.ts'
import type { Topic } from './topic.ts'

/** What the reference is about beside the language itself. */
export interface ReferenceSources {
  /** The names of the library's files, and what reads them. */
  readonly names: readonly string[]
  readonly read: LibraryReader
  /** The commands of the command line, where there is one. */
  readonly commands?: readonly DescribedCommand[]
}

/** Everything that can be explained, in the order it is listed. */
export function allTopics({ names, read, commands = [] }: ReferenceSources): readonly Topic[] {
  return [
    ...chapterTopics(),
    grammarTopic(),
    ...wordTopics(),
    ...operatorTopics(),
    ...libraryTopics(names, read),
    ...searchTopics(),
    ...spaceTopics(),
    ...commandTopics(commands),
    ...diagnosticTopics(read),
  ]
}

/** What a name asks for. */
export interface FoundTopics {
  /** The name without what diagnostics and documentation print around it: `error[unknown-name]`, `ema(x, beta)`. */
  readonly name: string
  /** Those with that name; several where an operator and a function share it. */
  readonly topics: readonly Topic[]
  /** A name that was perhaps meant, where there is none. */
  readonly meant: string | undefined
}

/** The topics that a written name asks for. */
export function findTopics(topics: readonly Topic[], written: string): FoundTopics {
  const name = written
    .trim()
    .replace(/^optc (?=\w)/, '')
    .replace(/^(error|warning)\[(.*)\]$/, '$2')
    .replace(/\(.*\)$/, '')
  const found = namedTopics(topics, name)
  return {
    name,
    topics: found,
    meant: found.length > 0 ? undefined : nearest(name, allNames(topics)),
  }
}

function namedTopics(topics: readonly Topic[], name: string): readonly Topic[] {
  const found = topics.filter((topic) => topic.name === name || topic.also?.includes(name) === true)
  // Names of several words stand with hyphens.
  return found.length > 0 || !/\s/.test(name)
    ? found
    : namedTopics(topics, name.toLowerCase().replace(/\s+/g, '-'))
}

/** Every name that asks for a topic, once. */
export function allNames(topics: readonly Topic[]): ReadonlySet<string> {
  return new Set(topics.flatMap(({ name, also = [] }) => [name, ...also]))
}

import { nearest } from '../../diagnostics/suggest.ts'
import type { LibraryReader } from '../imports.ts'
import { diagnosticTopics } from './diagnostics.ts'
import { guideTopics } from './guides.ts'
import { libraryTopics } from './library.ts'
import { operatorTopics } from './operators.ts'
import { spaceTopics } from './space-words.ts'
import type { Topic } from './topic.ts'
import { wordTopics } from './words.ts'

/** Everything that can be explained, in the order it is listed; `names` are those of the library's files. */
export function allTopics(names: readonly string[], read: LibraryReader): readonly Topic[] {
  return [
    ...guideTopics(),
    ...wordTopics(),
    ...spaceTopics(),
    ...operatorTopics(),
    ...libraryTopics(names, read),
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
  const name = written.replace(/^(error|warning)\[(.*)\]$/, '$2').replace(/\(.*\)$/, '')
  const found = topics.filter((topic) => topic.name === name)
  const names = (): Set<string> => new Set(topics.map((topic) => topic.name))
  return { name, topics: found, meant: found.length > 0 ? undefined : nearest(name, names()) }
}

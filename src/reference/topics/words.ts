import { spaceEntries } from '../../language/vocabulary/space-entries.ts'
import { wordMarkdown, words } from '../../language/vocabulary/words.ts'
import { joined } from '../markdown/write.ts'
import type { Topic } from '../topic.ts'

/** A topic for each word of the language and each name that is always there. */
export function wordTopics(): readonly Topic[] {
  return words.map((word) => ({
    name: word.name,
    group: word.isName ? 'Names that are always there' : 'Words of the language',
    summary: word.summary,
    page: () => wordMarkdown(word),
  }))
}

/** A topic for each entry that a search space may have. */
export function spaceTopics(): readonly Topic[] {
  return spaceEntries.map(({ name, summary, text }) => ({
    name,
    group: 'Entries of a search space',
    summary,
    page: () =>
      joined(
        `${name}, an entry of a search space`,
        text,
        'Compare with the spaces in stdlib/spaces; `optc explain space` shows a whole one.',
      ),
  }))
}

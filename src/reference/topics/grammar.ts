import { ebnf } from '../../../grammar/generate/ebnf.ts'
import { fenced, joined } from '../markdown/write.ts'
import type { Topic } from '../topic.ts'

/** What is said of the grammar above its rules. */
export const GRAMMAR_INTRODUCTION =
  'How programs are written, in the notation of the W3C: `?` is at most one, `*` any number, `|` a choice. What recovers from errors is left out. The parser is made of the same rules.'

/** The topic of the whole grammar. */
export function grammarTopic(): Topic {
  return {
    name: 'grammar',
    also: ['ebnf', 'syntax', 'railroad'],
    group: 'The language',
    summary: 'The rules by which programs are written',
    page: () =>
      joined(
        GRAMMAR_INTRODUCTION,
        fenced(
          'text',
          ebnf()
            .replace(/^\/\*.*?\*\/\s*/s, '')
            .trimEnd(),
        ),
      ),
  }
}

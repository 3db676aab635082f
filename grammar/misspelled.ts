import type { Diagnostic } from '../src/diagnostics/diagnostic.ts'
import { STATEMENT_WORDS } from '../src/diagnostics/habits.ts'
import { nearest, spellingDistance } from '../src/diagnostics/suggest.ts'
import { replaceFix } from './fixes.ts'
import { spanOf } from './lex.ts'
import { CONTEXTUAL, DECLARATIONS, STARTS_AFTER_WORD, STATEMENTS, takesName } from './token-sets.ts'
import * as token from './tokens.ts'
import type { IToken, TokenType } from './tokens.ts'

/** What a word was meant to be, and what there is to say about it. */
export interface Misspelled extends Pick<Diagnostic, 'message' | 'label' | 'help' | 'fix'> {
  readonly type: TokenType
}

/**
 * The word of the language that a statement's first name was meant to be when `next`, on the same line, could not follow
 * a name. Declarations count only at the top of a file.
 */
export function misspelledWord(
  current: IToken,
  next: IToken,
  atTop: boolean,
): Misspelled | undefined {
  const { image } = current
  if (!STARTS_AFTER_WORD.has(next.tokenType) || image.length > 20) return undefined
  const candidates = [...STATEMENTS, ...(atTop ? DECLARATIONS : [])]
  const close = candidates
    .map(({ PATTERN }) => String(PATTERN))
    .filter((word) => spellingDistance(image, word) <= Math.max(1, image.length / 4))
  const written = Object.hasOwn(STATEMENT_WORDS, image)
    ? STATEMENT_WORDS[image]
    : nearest(image, close)
  const type = candidates.find(({ PATTERN }) => PATTERN === written)
  if (type === undefined) return undefined
  const named = next.tokenType === token.Identifier || CONTEXTUAL.has(next.tokenType)
  if (takesName(type) && !named) return undefined
  return {
    type,
    message: `I don't know the word \`${image}\``,
    label: 'not a word of the language',
    help: `did you mean \`${written}\`?`,
    fix: replaceFix(spanOf(current), written!),
  }
}

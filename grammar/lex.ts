import { createTokenInstance, Lexer } from 'chevrotain'
import type { Span } from '../src/diagnostics/source.ts'
import {
  DocumentationComment,
  Identifier,
  NumberToken,
  Unknown,
  vocabulary,
  type IToken,
  type TokenType,
} from './tokens.ts'

/** A `//` or `///` comment with its slashes. `start` and `end` are UTF-16 offsets. */
export interface CommentToken {
  readonly text: string
  readonly documentation: boolean
  readonly start: number
  readonly end: number
}

/** What a text is made of. Characters that are part of no token are in `Unknown` tokens. */
export interface Lexed {
  readonly tokens: readonly IToken[]
  readonly comments: readonly CommentToken[]
}

/** The most that is reported of one text before its productions are read; far more than is shown. */
export const maximumReports = 2000

let lexer: Lexer | undefined

/** A token of a given type over `text`, whose first character is at `start`. */
export function makeToken(type: TokenType, text: string, start: number): IToken {
  return createTokenInstance(type, text, start, start + text.length - 1, NaN, NaN, NaN, NaN)
}

/** The offset after a token's last character in the text, which may hold something else than the token's image. */
export function endOf(token: IToken): number {
  return token.endOffset! + 1
}

/** The characters of a token. */
export function spanOf(token: IToken): Span {
  return { start: token.startOffset, end: endOf(token) }
}

/** Cuts any text into tokens; never stops, never throws. */
export function lex(text: string): Lexed {
  lexer ??= new Lexer(vocabulary, {
    positionTracking: 'onlyOffset',
    ensureOptimizations: true,
    skipValidations: true,
  })
  const { tokens, errors, groups } = lexer.tokenize(text)
  // Tracking offsets only, the lexer leaves out the end, which the parser needs for the locations of its nodes.
  for (const token of tokens) token.endOffset = token.startOffset + token.image.length - 1
  const comments = (groups['comments'] ?? []).map((token) => ({
    text: token.image,
    documentation: token.tokenType === DocumentationComment,
    start: token.startOffset,
    end: token.startOffset + token.image.length,
  }))
  if (errors.length === 0) return { tokens, comments }
  const unknown = errors.map(({ offset, length }) =>
    makeToken(Unknown, text.slice(offset, offset + length), offset),
  )
  return { tokens: joinNames(merge(tokens, unknown)), comments }
}

/** Both lists in the order of their offsets. */
function merge(tokens: readonly IToken[], unknown: readonly IToken[]): IToken[] {
  const result: IToken[] = []
  let next = 0
  for (const token of tokens) {
    while (next < unknown.length && unknown[next]!.startOffset < token.startOffset) {
      result.push(unknown[next]!)
      next += 1
    }
    result.push(token)
  }
  return result.concat(unknown.slice(next))
}

const LETTERS = /^[\p{L}\p{M}\p{N}_]+$/u

/** Makes one `Unknown` token of letters of other alphabets and the name or number they touch: `β1`, `naïve`. */
function joinNames(tokens: readonly IToken[]): IToken[] {
  const result: IToken[] = []
  for (const token of tokens) {
    const previous = result.at(-1)
    if (
      previous !== undefined &&
      endOf(previous) === token.startOffset &&
      (previous.tokenType === Unknown || token.tokenType === Unknown) &&
      [previous, token].every(({ tokenType, image }) =>
        tokenType === Unknown
          ? LETTERS.test(image)
          : tokenType === Identifier || tokenType === NumberToken,
      )
    ) {
      result[result.length - 1] = makeToken(
        Unknown,
        previous.image + token.image,
        previous.startOffset,
      )
    } else result.push(token)
  }
  return result
}

import { replaceFix } from '../fixes.ts'
import { endOf, makeToken, spanOf } from '../lex.ts'
import { misspelledWord } from '../misspelled.ts'
import { CONTEXTUAL, OPENERS, RESERVED, takesName, WANTS_MORE } from '../token-sets.ts'
import * as token from '../tokens.ts'
import type { IToken } from '../tokens.ts'
import { endsImport } from './statements.ts'
import { atStart, ELSE_IF_WORDS, report, topOf, type LayoutState } from './state.ts'

/** The token with the type its word has here: a word of the language or a name. */
export function readWord(state: LayoutState, current: IToken, next: IToken | undefined): IToken {
  const { tokenType: type } = current
  const last = state.out.at(-1)
  if (type === token.If && last?.tokenType === token.Else) {
    state.out.pop()
    const text = state.source.text.slice(last.startOffset, endOf(current))
    return makeToken(token.ElseIf, text, last.startOffset)
  }
  if (type === token.Identifier) return readName(state, current, next)
  if (CONTEXTUAL.has(type))
    return isWordHere(state, current, next) ? current : readName(state, asName(current), next)
  if (RESERVED.has(type) && wantsValue(state)) return readReserved(state, current, next)
  if (last !== undefined && takesName(last.tokenType) && token.operatorWords.includes(type))
    return readReserved(state, current, next)
  return current
}

const asName = ({ image, startOffset }: IToken): IToken =>
  makeToken(token.Identifier, image, startOffset)

/** Whether a contextual word stands where its construct can. */
function isWordHere(state: LayoutState, current: IToken, next: IToken | undefined): boolean {
  const { kind } = topOf(state)
  if (current.tokenType === token.As)
    return kind === 'names' && state.out.at(-1)?.tokenType === token.Identifier
  if (current.tokenType === token.From) return endsImport(state, current)
  return atStart(state) && kind !== 'space' && next?.tokenType !== token.Equals
}

/** Whether an element has begun and its next value is still to come. */
function wantsValue(state: LayoutState): boolean {
  const last = state.out.at(-1)?.tokenType
  return last !== undefined && !atStart(state) && (WANTS_MORE.has(last) || OPENERS.has(last))
}

function readReserved(state: LayoutState, current: IToken, next: IToken | undefined): IToken {
  if (current.tokenType === token.If) {
    report(state, 'reserved-word', spanOf(current), '`if` is a statement and has no value', {
      label: 'expected an expression',
      help: 'write `where(condition, a, b)` to choose between two values',
    })
    return makeToken(token.Placeholder, current.image, current.startOffset)
  }
  report(
    state,
    'reserved-word',
    spanOf(current),
    `\`${current.image}\` is a word of the language and cannot be a name`,
    { label: 'choose another name' },
  )
  return readName(state, asName(current), next)
}

function readName(state: LayoutState, current: IToken, next: IToken | undefined): IToken {
  const { image, startOffset } = current
  const last = state.out.at(-1)?.tokenType
  const meant = misspelledAtStart(state, current, next)
  if (meant !== undefined) {
    const { type, message, ...more } = meant
    report(state, 'unknown-word', spanOf(current), message, more)
    return makeToken(type, image, startOffset)
  }
  if (last === token.RightBrace && ELSE_IF_WORDS.has(image)) {
    report(state, 'unknown-word', spanOf(current), `\`${image}\` is written \`else if\` here`, {
      fix: replaceFix(spanOf(current), 'else if'),
    })
    return makeToken(token.ElseIf, image, startOffset)
  }
  const namesArgument =
    next?.tokenType === token.Equals &&
    topOf(state).kind === 'arguments' &&
    (last === token.LeftParen || last === token.Comma)
  return namesArgument ? makeToken(token.ArgumentName, image, startOffset) : current
}

function misspelledAtStart(
  state: LayoutState,
  current: IToken,
  next: IToken | undefined,
): ReturnType<typeof misspelledWord> {
  const { kind } = topOf(state)
  if (!atStart(state) || kind === 'space') return undefined
  if (next === undefined || state.firstOnLine.has(next)) return undefined
  return misspelledWord(current, next, kind === 'file')
}

import type { Diagnostic } from '../src/diagnostics/diagnostic.ts'
import type { Source } from '../src/diagnostics/source.ts'
import { removeFix } from './fixes.ts'
import { close, closeTo, closeTop, open } from './layout/brackets.ts'
import {
  headOf,
  LINES,
  linesOf,
  report,
  startLayout,
  topOf,
  TRAILING_COMMA,
  type LayoutState,
} from './layout/state.ts'
import { afterLineBreak, onSameLine } from './layout/statements.ts'
import { readWord } from './layout/words.ts'
import { spanOf } from './lex.ts'
import { CLOSERS, OPENERS, wantsBlock } from './token-sets.ts'
import * as token from './tokens.ts'
import type { IToken } from './tokens.ts'

/** The tokens the productions are written for. */
export interface Layout {
  readonly tokens: IToken[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Decides where statements end and which bracket closes which, so that in the tokens given out brackets are balanced
 * and `Newline` stands exactly between two statements.
 *
 * The end of a line ends a statement in braces and at the top of a file, except where the line ends in something that
 * wants more (an operator, `=`, a comma) or the next line starts with an operator; `-` is one of them, as no statement
 * starts with it. Between parentheses and square brackets the ends of lines mean nothing. A bracket that was never
 * closed ends where a statement starts, so it does not swallow the rest of the file.
 */
export function layOut(source: Source, lexed: readonly IToken[]): Layout {
  const significant = lexed.filter(({ tokenType }) => tokenType !== token.LineBreak)
  const state = startLayout(source, firstOnLines(lexed))
  for (const [index, current] of significant.entries()) {
    const next = significant[index + 1]
    endBefore(state, current, next)
    giveOut(state, current, next)
  }
  closeTo(state, state.frames[0]!)
  return { tokens: state.out, diagnostics: state.diagnostics }
}

/** The tokens that follow a line break. */
function firstOnLines(lexed: readonly IToken[]): ReadonlySet<IToken> {
  return new Set(
    lexed.filter(
      ({ tokenType }, index) =>
        tokenType !== token.LineBreak && lexed[index - 1]?.tokenType === token.LineBreak,
    ),
  )
}

/** Ends the statements and brackets that end before a token. */
function endBefore(state: LayoutState, current: IToken, next: IToken | undefined): void {
  const { kind } = topOf(state)
  const opensBlock = current.tokenType === token.LeftBrace && wantsBlock(headOf(state))
  if (opensBlock && !LINES.has(kind)) closeTo(state, linesOf(state))
  if (current.tokenType === token.Equals && kind === 'range') closeTop(state)
  if (state.firstOnLine.has(current)) afterLineBreak(state, current, next)
  else onSameLine(state, current, next)
}

function giveOut(state: LayoutState, current: IToken, next: IToken | undefined): void {
  const { tokenType: type } = current
  if (CLOSERS.has(type)) close(state, current)
  else if (OPENERS.has(type)) open(state, current)
  else if (type === token.Comma && separatesNothing(state))
    report(state, 'unexpected-token', spanOf(current), 'there is nothing before this comma', {
      label: 'one too many',
      fix: removeFix(current),
    })
  else state.out.push(readWord(state, current, next))
}

/** Whether a comma here would follow another or an opening bracket. */
function separatesNothing(state: LayoutState): boolean {
  const { kind, start } = topOf(state)
  if (!TRAILING_COMMA.has(kind)) return false
  return state.out.length === start || state.out.at(-1)?.tokenType === token.Comma
}

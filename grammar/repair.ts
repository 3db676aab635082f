import type { Diagnostic } from '../src/diagnostics/diagnostic.ts'
import type { Source } from '../src/diagnostics/source.ts'
import { rewriteHabits } from './habits.ts'
import type { Lexed } from './lex.ts'
import { repairForeign } from './repair/foreign.ts'
import type { RepairState } from './repair/state.ts'
import { repairUnknown } from './repair/unknown.ts'
import * as token from './tokens.ts'
import type { IToken, TokenType } from './tokens.ts'

/** Tokens without anything foreign, and what was reported for that. */
export interface Repaired {
  readonly tokens: readonly IToken[]
  readonly diagnostics: readonly Diagnostic[]
}

const FOREIGN_TYPES: ReadonlySet<TokenType> = new Set([
  token.Foreign,
  token.HashComment,
  token.BlockComment,
])

/** Reports what other languages and typeset mathematics would write, and puts what is meant in its place. */
export function repair(source: Source, lexed: Lexed): Repaired {
  const { path, text } = source
  const { tokens, diagnostics } = rewriteHabits(source, lexed)
  const state: RepairState = { path, text, out: [], diagnostics: [...diagnostics] }
  for (const [index, current] of tokens.entries()) {
    if (current.tokenType === token.Unknown) repairUnknown(state, current)
    else if (FOREIGN_TYPES.has(current.tokenType)) repairForeign(state, current, tokens[index + 1])
    else state.out.push(current)
  }
  return { tokens: state.out, diagnostics: state.diagnostics }
}

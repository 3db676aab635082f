import type { Code } from '../../src/diagnostics/catalog.ts'
import { diagnose } from '../../src/diagnostics/diagnose.ts'
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { makeToken, maximumReports, spanOf } from '../lex.ts'
import * as token from '../tokens.ts'
import type { IToken, TokenType } from '../tokens.ts'

/** How far the repair of a file has come. */
export interface RepairState {
  readonly path: string
  readonly text: string
  /** The tokens given out. */
  readonly out: IToken[]
  readonly diagnostics: Diagnostic[]
}

/** What the language has for a sign, where that is one token. */
export const BY_SYMBOL: ReadonlyMap<string, TokenType> = new Map([
  ...token.operatorTokens.map((type) => [String(type.PATTERN), type] as const),
  ['=', token.Equals],
  ['(', token.LeftParen],
  [')', token.RightParen],
  [',', token.Comma],
])

/** Adds a diagnostic at a token, up to the most that is reported of one text. */
export function report(
  { path, diagnostics }: RepairState,
  code: Code,
  current: IToken,
  message: string,
  more: Partial<Pick<Diagnostic, 'label' | 'help' | 'fix'>> = {},
): void {
  if (diagnostics.length < maximumReports)
    diagnostics.push(diagnose(code, { path, span: spanOf(current), message, ...more }))
}

/** Gives out a token of another type in the place of one. */
export function put({ out }: RepairState, type: TokenType, { image, startOffset }: IToken): void {
  out.push(makeToken(type, image, startOffset))
}

import * as token from './tokens.ts'
import type { IToken, TokenType } from './tokens.ts'

/** Words that start a declaration. */
export const DECLARATIONS: ReadonlySet<TokenType> = new Set([
  token.Optimizer,
  token.Schedule,
  token.Decay,
  token.Space,
  token.Fn,
  token.Import,
])
/** Words that start a statement. */
export const STATEMENTS: ReadonlySet<TokenType> = new Set([
  token.Let,
  token.State,
  token.Return,
  token.If,
])
/** Words that are never names. */
export const RESERVED: ReadonlySet<TokenType> = new Set(token.reservedWords)
/** Words that are names where their construct cannot stand. */
export const CONTEXTUAL: ReadonlySet<TokenType> = new Set(token.contextualWords)
/** Operators between their operands. */
export const INFIX: ReadonlySet<TokenType> = new Set(
  token.operatorTokens.filter((type) => type.CATEGORIES?.includes(token.Infix)),
)
/** Brackets that open. */
export const OPENERS: ReadonlySet<TokenType> = new Set([
  token.LeftParen,
  token.LeftBracket,
  token.LeftBrace,
])
/** Brackets that close. */
export const CLOSERS: ReadonlySet<TokenType> = new Set([
  token.RightParen,
  token.RightBracket,
  token.RightBrace,
])
/** After these an element is still to come, so a line break ends nothing. */
export const WANTS_MORE: ReadonlySet<TokenType> = new Set([
  ...token.operatorTokens,
  ...DECLARATIONS,
  ...STATEMENTS,
  token.Equals,
  token.Comma,
  token.Colon,
  token.In,
  token.As,
  token.From,
  token.Else,
  token.ElseIf,
])
/** These carry on what stands before them when they start a line. */
export const CARRIES_ON: ReadonlySet<TokenType> = new Set([
  ...INFIX,
  token.Equals,
  token.Else,
  token.ElseIf,
  token.Comma,
  token.Colon,
])

/** Expressions stand after these and do not reach over them. */
export const BEFORE_EXPRESSION: ReadonlySet<TokenType> = new Set([
  ...STATEMENTS,
  token.Equals,
  token.Comma,
  token.Colon,
  token.In,
  token.Else,
])

/** The last token of an operand. */
export const ENDS_OPERAND: ReadonlySet<TokenType> = new Set([
  token.Identifier,
  token.NumberToken,
  token.RightParen,
  token.RightBracket,
  token.StringToken,
  token.Placeholder,
])

/** What can follow a word that starts a statement and never follows the name of an assignment. */
export const STARTS_AFTER_WORD: ReadonlySet<TokenType> = new Set([
  token.Identifier,
  token.NumberToken,
  ...token.contextualWords,
])
/** The bracket that closes the one that `opener` opens. */
export function closerOf(opener: IToken): { readonly type: TokenType; readonly image: string } {
  if (opener.tokenType === token.LeftParen) return { type: token.RightParen, image: ')' }
  if (opener.tokenType === token.LeftBracket) return { type: token.RightBracket, image: ']' }
  return { type: token.RightBrace, image: '}' }
}

/** Whether a declaration starts here, and not a name that is also a word of the language. */
export function startsDeclaration({ tokenType }: IToken, next: IToken): boolean {
  if (!DECLARATIONS.has(tokenType)) return false
  return next.tokenType === (tokenType === token.Import ? token.LeftBrace : token.Identifier)
}

/** Whether a name must follow, so that even a word that starts a statement belongs here. */
export function takesName(type: TokenType): boolean {
  return DECLARATIONS.has(type) || type === token.Let || type === token.State
}

/** Whether a statement that starts with a word of this type has a block. */
export function wantsBlock(head: TokenType | undefined): boolean {
  return head !== undefined && (DECLARATIONS.has(head) || head === token.If)
}

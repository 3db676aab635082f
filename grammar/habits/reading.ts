import type { Code } from '../../src/diagnostics/catalog.ts'
import type { Diagnostic, TextEdit } from '../../src/diagnostics/diagnostic.ts'
import { lineStart } from '../../src/diagnostics/source.ts'
import { endOf } from '../lex.ts'
import {
  BEFORE_EXPRESSION,
  CLOSERS,
  DECLARATIONS,
  INFIX,
  OPENERS,
  STATEMENTS,
} from '../token-sets.ts'
import * as token from '../tokens.ts'
import type { IToken, TokenType } from '../tokens.ts'

/** A text that is searched for what other languages write. */
export interface Reading {
  readonly path: string
  readonly text: string
  /** The tokens of the text, the ends of lines among them. */
  readonly tokens: readonly IToken[]
  /** The place of the other bracket of a pair, by the place of each. */
  readonly partners: ReadonlyMap<number, number>
  readonly lines: readonly Line[]
  /** The line that each token is on. */
  readonly lineOf: readonly number[]
  /** The names that it declares or imports. */
  readonly declared: ReadonlySet<string>
}

/** A line with something on it, outside of parentheses and square brackets. */
export interface Line {
  /** The place of its first token, and the place after its last. */
  readonly first: number
  readonly last: number
  /** How many characters stand before it. */
  readonly indent: number
  /** How many braces are open behind it. */
  readonly depth: number
}

/** Something that another language writes so, and what is written here instead. */
export interface Habit extends Pick<Diagnostic, 'span' | 'message' | 'label' | 'help'> {
  readonly code: Code
  /** What is read on with; in order and apart from one another. */
  readonly edits: readonly TextEdit[]
  /** What the edits do, where they are offered: where they say what was meant. */
  readonly title?: string
}

/** What is found at a token, if anything. */
export type Find = (reading: Reading, index: number) => Habit | undefined

/** The reading of a text. */
export function createReading(path: string, text: string, tokens: readonly IToken[]): Reading {
  const partners = new Map<number, number>()
  const lines: Line[] = []
  const lineOf: number[] = []
  let open: number[] = []
  let first = 0
  const endLine = (last: number): void => {
    const start = tokens[first]
    if (start !== undefined && last > first) {
      const indent = start.startOffset - lineStart(text, start.startOffset)
      lines.push({ first, last, indent, depth: open.length })
    }
    first = last + 1
  }
  for (const [index, { tokenType: type }] of tokens.entries()) {
    lineOf.push(lines.length)
    if (type === token.LineBreak) {
      // A bracket that is never closed does not hold the statements below it.
      if (startsAnew(tokens[index + 1])) open = open.filter((each) => isBrace(tokens[each]!))
      const around = open.at(-1)
      const isInside = around !== undefined && !isBrace(tokens[around]!)
      if (!isInside && !goesOn(tokens[index - 1], tokens[index + 1])) endLine(index)
    } else if (OPENERS.has(type)) open.push(index)
    else if (CLOSERS.has(type) && open.length > 0) {
      const opener = open.pop()!
      partners.set(opener, index)
      partners.set(index, opener)
    }
  }
  endLine(tokens.length)
  return { path, text, tokens, partners, lines, lineOf, declared: namesIn(tokens, partners) }
}

const DECLARING: ReadonlySet<TokenType> = new Set([
  token.Fn,
  token.Schedule,
  token.Decay,
  token.Optimizer,
  token.Import,
  token.Let,
  token.State,
])

const isBrace = ({ tokenType }: IToken): boolean => tokenType === token.LeftBrace

/** Whether a statement goes on over the end of a line: behind an operator, or before one. */
function goesOn(before: IToken | undefined, next: IToken | undefined): boolean {
  if (before !== undefined && CONTINUING.has(before.tokenType)) return true
  return next !== undefined && INFIX.has(next.tokenType)
}

const CONTINUING: ReadonlySet<TokenType> = new Set([
  ...token.operatorTokens,
  token.Equals,
  token.Comma,
])

function startsAnew(next: IToken | undefined): boolean {
  if (next === undefined) return false
  return STATEMENTS.has(next.tokenType) || DECLARATIONS.has(next.tokenType)
}

export function typeAt({ tokens }: Reading, index: number): TokenType | undefined {
  return tokens[index]?.tokenType
}

export function imageAt({ tokens }: Reading, index: number): string {
  return tokens[index]?.image ?? ''
}

/** Whether nothing stands between a token and the one before it. */
export function touches({ tokens }: Reading, index: number): boolean {
  const before = tokens[index - 1]
  return before !== undefined && endOf(before) === tokens[index]?.startOffset
}

/** The text from the token at `first` up to the token before `last`. */
export function textOf({ text, tokens }: Reading, first: number, last: number): string {
  const end = tokens[last - 1]
  return end === undefined || last <= first
    ? ''
    : text.slice(tokens[first]!.startOffset, endOf(end))
}

/** From the first character of the token at `first` to the last of the one before `last`. */
export function spanFrom({ tokens }: Reading, first: number, last: number): Diagnostic['span'] {
  return { start: tokens[first]!.startOffset, end: endOf(tokens[last - 1]!) }
}

/** The line at `index` with its end. */
export function lineSpan(
  { text, lines, lineOf, tokens }: Reading,
  index: number,
): Diagnostic['span'] {
  const { first, last } = lines[lineOf[index]!]!
  const after = tokens[last + 1]
  return {
    start: tokens[first]!.startOffset,
    end: after === undefined ? text.length : after.startOffset,
  }
}

/** The blanks that set a word apart from what stands on its sides. */
export function padded(
  { text }: Pick<Reading, 'text'>,
  { start, end }: Diagnostic['span'],
  word: string,
): string {
  if (!/^[a-z]+$/.test(word)) return word
  const before = /[A-Za-z0-9_)\]]/.test(text[start - 1] ?? '') ? ' ' : ''
  const after = /[A-Za-z0-9_(\[]/.test(text[end] ?? '') ? ' ' : ''
  return before + word + after
}

/** Whether the file declares or imports a name. */
export function isDeclared({ declared }: Reading, name: string): boolean {
  return declared.has(name)
}

/** The names that a text declares: of declarations, parameters, imports, `let` and `state`. */
function namesIn(
  tokens: readonly IToken[],
  partners: ReadonlyMap<number, number>,
): ReadonlySet<string> {
  const names = new Set<string>()
  for (const [index, { tokenType: type }] of tokens.entries()) {
    if (!DECLARING.has(type)) continue
    const open = type === token.Import ? index + 1 : index + 2
    const close = partners.get(open)
    if (type !== token.Import) names.add(tokens[index + 1]?.image ?? '')
    if (close === undefined || !OPENERS.has(tokens[open]!.tokenType)) continue
    for (let place = open + 1; place < close; place++) {
      const before = tokens[place - 1]!.tokenType
      if (OPENERS.has(tokens[place]!.tokenType)) place = partners.get(place) ?? place
      else if (before !== token.Equals) names.add(tokens[place]!.image)
    }
  }
  return names
}

/** The place of the first token of the operand that ends at `index`: a name, a number, a call or a group. */
export function operandStart(reading: Reading, index: number): number | undefined {
  const type = typeAt(reading, index)
  if (type === token.Identifier || type === token.NumberToken) return index
  if (type !== token.RightParen) return undefined
  const open = reading.partners.get(index)
  if (open === undefined) return undefined
  return typeAt(reading, open - 1) === token.Identifier ? open - 1 : open
}

/** The place of the first token of the expression around `index`, as far as its bracket, its comma or its statement. */
export function expressionStart(reading: Reading, index: number): number {
  let start = index
  while (start > 0) {
    const type = typeAt(reading, start - 1)!
    if (CLOSERS.has(type)) start = reading.partners.get(start - 1) ?? start - 1
    else if (OPENERS.has(type) || startsExpression(reading, start - 1)) return start
    else if (type === token.LineBreak && endsHere(reading, start - 1)) return start
    else start -= 1
  }
  return start
}

/** The place after the last token of the expression around `index`. */
export function expressionEnd(reading: Reading, index: number): number {
  const { tokens } = reading
  let end = index
  while (end < tokens.length) {
    const type = typeAt(reading, end)!
    if (OPENERS.has(type) && type !== token.LeftBrace) end = (reading.partners.get(end) ?? end) + 1
    else if (CLOSERS.has(type) || type === token.LeftBrace || type === token.Comma) return end
    else if (type === token.LineBreak && endsHere(reading, end)) return end
    else end += 1
  }
  return end
}

/** Signs of other languages behind which an expression starts. */
const STARTING = /^(?:[^=]*=|\?|=>|->)$/

function startsExpression({ tokens }: Reading, index: number): boolean {
  const { tokenType, image } = tokens[index]!
  return BEFORE_EXPRESSION.has(tokenType) || (tokenType === token.Foreign && STARTING.test(image))
}

/** Whether the end of a line ends its statement, as far as brackets tell. */
function endsHere({ lineOf }: Reading, index: number): boolean {
  return lineOf[index] !== lineOf[index + 1]
}

/** Whether anything from `first` to before `last` is of another language still, so that it cannot be moved about. */
export function isForeign({ tokens }: Reading, first: number, last: number): boolean {
  return tokens
    .slice(first, last)
    .some(({ tokenType }) => tokenType === token.Foreign || tokenType === token.Unknown)
}

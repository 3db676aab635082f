import type { CstNode } from 'chevrotain'
import { endOf, spanOf } from '../../grammar/lex.ts'
import { DECLARATIONS, ENDS_OPERAND } from '../../grammar/token-sets.ts'
import * as token from '../../grammar/tokens.ts'
import type { IToken, TokenType } from '../../grammar/tokens.ts'
import type { Diagnostic, Fix } from '../diagnostics/diagnostic.ts'
import { isWritten, NO_TYPES, quote } from './quote.ts'
import type { Reader } from './reader.ts'

/** Something that stands where an element should have ended; `statement` is the offset where its statement starts. */
export interface Stray {
  readonly node: CstNode
  readonly statement: number
}

/** What the words of other languages are called here. */
const WORDS: Readonly<Record<string, string>> = {
  if: 'a choice between two values is written `where(condition, a, b)`',
  else: 'a choice between two values is written `where(condition, a, b)`',
}

/** Reports what stands where something should have ended, unless something before it in its statement was reported. */
export function reportStrays(
  reader: Reader,
  strays: readonly Stray[],
  tokens: readonly IToken[],
  diagnostics: readonly Diagnostic[],
): void {
  if (strays.length === 0) return
  const places = new Map(tokens.map((each, index) => [each, index]))
  const byOffset = new Map(tokens.filter(isWritten).map((each) => [each.startOffset, each]))
  const starts = diagnostics.map(({ span }) => span.start).sort((a, b) => a - b)
  for (const { node, statement } of strays) {
    const current = byOffset.get(node.location?.startOffset ?? -1)
    if (current === undefined || current.tokenType === token.Placeholder) continue
    if (anyBetween(starts, statement, current.startOffset)) continue
    const isFirst = current.startOffset === statement
    const isInList = node.name === 'strayElement'
    const before = isInList || isFirst ? undefined : tokens[places.get(current)! - 1]
    reportStray(reader, current, isFirst, isInList, before)
  }
}

/** Whether one of the sorted numbers is in [low, high]. */
function anyBetween(sorted: readonly number[], low: number, high: number): boolean {
  let from = 0
  let to = sorted.length
  while (from < to) {
    const middle = (from + to) >> 1
    if (sorted[middle]! < low) from = middle + 1
    else to = middle
  }
  return from < sorted.length && sorted[from]! <= high
}

/** A product without its sign, where two operands stand side by side on a line. */
function productFix(
  { text }: Reader,
  before: IToken | undefined,
  current: IToken,
): Fix | undefined {
  if (before === undefined || !ENDS_OPERAND.has(before.tokenType)) return undefined
  if (!STARTS_OPERAND.has(current.tokenType) || Object.hasOwn(WORDS, current.image))
    return undefined
  const span = { start: endOf(before), end: current.startOffset }
  if (span.end < span.start || /[\n\r]/.test(text.slice(span.start, span.end))) return undefined
  return { title: 'write a product', edits: [{ span, text: ' * ' }] }
}

const STARTS_OPERAND: ReadonlySet<TokenType> = new Set([
  token.Identifier,
  token.NumberToken,
  token.LeftParen,
])

function reportStray(
  reader: Reader,
  current: IToken,
  first: boolean,
  inList: boolean,
  before: IToken | undefined,
): void {
  const { tokenType: type, image } = current
  const span = spanOf(current)
  if (type === token.StringToken) {
    reader.report('unexpected-text', span, 'a text in quotes is not a value', {
      label: 'not expected here',
    })
    return
  }
  if (first) {
    const declares = DECLARATIONS.has(type)
    reader.report(
      'unexpected-token',
      span,
      declares
        ? `\`${image}\` stands at the top of a file, not in a block`
        : `a statement cannot start with ${quote(image)}`,
      {
        ...(!declares && {
          help: 'a statement starts with `let`, `state`, `if` or `return`, or is written `name = expression`',
        }),
      },
    )
    return
  }
  if (type === token.Equals) {
    reader.report('unexpected-token', span, 'this `=` is one too many', {
      help: 'two values are compared with `==`',
      fix: { title: 'replace it with `==`', edits: [{ span, text: '==' }] },
    })
    return
  }
  const place = inList ? 'a comma or an operator' : 'an operator or the end of the line'
  const fix = productFix(reader, before, current)
  const help =
    type === token.Colon
      ? NO_TYPES
      : fix !== undefined
        ? 'products are written with `*`'
        : Object.hasOwn(WORDS, image)
          ? WORDS[image]
          : undefined
  reader.report('unexpected-token', span, `unexpected ${quote(image)}`, {
    label: `expected ${place} before it`,
    ...(help !== undefined && { help }),
    ...(fix !== undefined && { fix }),
  })
}

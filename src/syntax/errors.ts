import type { CstNode, IRecognitionException } from 'chevrotain'
import { endOf, spanOf } from '../../grammar/lex.ts'
import { CLOSERS, DECLARATIONS } from '../../grammar/token-sets.ts'
import * as token from '../../grammar/tokens.ts'
import type { IToken, TokenType } from '../../grammar/tokens.ts'
import type { Diagnostic, Fix } from '../diagnostics/diagnostic.ts'
import type { Source, Span } from '../diagnostics/source.ts'
import type { Reader } from './reader.ts'

/** Something that stands where an element should have ended; `statement` is the offset where its statement starts. */
export interface Stray {
  readonly node: CstNode
  readonly statement: number
}

const INTERVAL =
  'an interval is written `[low, high]`, with `(` or `)` at an end that does not belong to it'
const TYPES = 'types are not written; the compiler works them out'
const IMPORT = 'an import is written `import { name } from "std/momentum"`'

/** Whether the token was written in the text: neither made up by the layout nor the end of the file. */
function isWritten({ image, startOffset }: IToken): boolean {
  return image !== '' && !Number.isNaN(startOffset)
}

function quote(text: string): string {
  const line = text.split(/[\n\r]/, 1)[0]!
  return `\`${line.length > 40 ? `${line.slice(0, 37)}...` : line}\``
}

const insertFix = (offset: number, text: string): Fix => ({
  title: `insert \`${text.trim()}\``,
  edits: [{ span: { start: offset, end: offset }, text }],
})

/** Reports, in the user's terms, where a token stood that no production wanted. */
export function reportError(
  reader: Reader,
  { text }: Source,
  {
    token: actual,
    previousToken: previous,
    message: expected,
    context,
  }: IRecognitionException & {
    readonly previousToken?: IToken
  },
): void {
  const rule = context.ruleStack.at(-1)!
  const before =
    previous !== undefined && !Number.isNaN(previous.startOffset) ? previous : undefined
  const end = before === undefined ? 0 : endOf(before)
  // What is missing at the end of a line is missing there, and not where the next line starts.
  const found = isWritten(actual) && !/[\n\r]/.test(text.slice(end, actual.startOffset))
  const span: Span = found ? spanOf(actual) : { start: end, end }
  const after = before === undefined || before.image === '' ? '' : ` after ${quote(before.image)}`
  const label = found ? `found ${quote(actual.image)}` : 'nothing is here'

  switch (rule) {
    case 'operand': {
      // The layout has reported the bracket that it closed here.
      if (actual.image === '' && CLOSERS.has(actual.tokenType)) return
      if (actual.tokenType === token.StringToken) {
        reader.report('unexpected-text', span, 'a text in quotes is not a value', {
          label: 'expected an expression',
          help: 'texts stand only in `import { name } from "file"`',
        })
        return
      }
      if (
        actual.tokenType === token.LeftBrace &&
        before?.tokenType === token.Equals &&
        context.ruleStack.includes('functionBody')
      ) {
        reader.report('unexpected-token', spanOf(before), 'no `=` stands before a block', {
          label: 'not needed',
          fix: {
            title: 'remove `=`',
            edits: [{ span: { start: before.startOffset, end: actual.startOffset }, text: '' }],
          },
        })
        return
      }
      const dangling =
        before !== undefined &&
        !found &&
        isWritten(before) &&
        token.operatorTokens.includes(before.tokenType)
      reader.report('missing-expression', span, `expected an expression${after}`, {
        label,
        ...(dangling && {
          fix: {
            title: `remove ${quote(before.image)}`,
            edits: [
              {
                span: {
                  start: text.slice(0, before.startOffset).trimEnd().length,
                  end: endOf(before),
                },
                text: '',
              },
            ],
          },
        }),
      })
      return
    }
    case 'parameters':
      if (expected === token.LeftParen.name) {
        const isScheduled = /\b(?:schedule|decay)\s+$/.test(text.slice(0, before?.startOffset))
        reader.report('missing-parameters', span, `expected parentheses${after}`, {
          label,
          help: isScheduled
            ? 'parameters are written in parentheses, the step `t` first'
            : 'parameters are written in parentheses, which are empty when there are none',
          fix: insertFix(end, isScheduled ? '(t)' : '()'),
        })
        return
      }
      break
    case 'range':
      reader.report('bad-range', span, INTERVAL, { label })
      return
    case 'import':
    case 'importNames':
    case 'importSource':
      reader.report('bad-import', span, IMPORT, {
        label:
          expected === token.From.name
            ? 'expected `from`'
            : expected === token.StringToken.name
              ? 'expected the file in quotes'
              : expected === token.LeftBrace.name
                ? 'expected `{`'
                : label,
        ...(actual.tokenType === token.StringToken &&
          expected === token.From.name && { fix: insertFix(end, ' from') }),
        ...(actual.tokenType === token.Identifier &&
          expected === token.LeftBrace.name && {
            fix: {
              title: 'put the name in braces',
              edits: [
                { span: { start: span.start, end: span.start }, text: '{ ' },
                { span: { start: span.end, end: span.end }, text: ' }' },
              ],
            },
          }),
      })
      return
    case 'functionBody':
      reader.report(
        'missing-block',
        span,
        `expected \`=\` and an expression, or a block in braces${after}`,
        {
          label,
        },
      )
      return
    case 'block':
    case 'spaceGroup':
      if (expected === token.LeftBrace.name) {
        reader.report('missing-block', span, `expected a block in braces${after}`, { label })
        return
      }
      break
    case 'spaceValue':
      reader.report('missing-equals', span, `expected \`=\` or \`{\`${after}`, { label })
      return
    default:
  }
  if (expected === token.Identifier.name) {
    reader.report('missing-name', span, `expected a name${after}`, { label })
    return
  }
  if (expected === token.Equals.name) {
    const called = rule === 'assign' && actual.tokenType === token.LeftParen
    reader.report(
      'missing-equals',
      span,
      called ? 'nothing is done with this value' : `expected \`=\`${after}`,
      {
        label: called ? 'a statement is more than a value' : label,
        ...(called
          ? { help: 'give it a name with `let name = ...`, or assign it to a state or to `update`' }
          : actual.tokenType === token.Colon
            ? { help: TYPES }
            : startsOperand(actual.tokenType) && { fix: insertFix(end, ' =') }),
      },
    )
    return
  }
  reader.report(
    'unexpected-token',
    span,
    `unexpected ${found ? quote(actual.image) : 'end'}${after}`,
  )
}

function startsOperand(type: TokenType): boolean {
  return type === token.NumberToken || type === token.Identifier
}

/** What the words of other languages are called here. */
const WORDS: Readonly<Record<string, string>> = {
  and: 'put one `where` into another, or multiply conditions turned into numbers',
  or: 'put one `where` into another',
  not: 'turn the comparison round: `a >= b` instead of `not a < b`',
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
  const byOffset = new Map(tokens.filter(isWritten).map((each) => [each.startOffset, each]))
  const starts = diagnostics.map(({ span }) => span.start).sort((a, b) => a - b)
  for (const { node, statement } of strays) {
    const current = byOffset.get(node.location?.startOffset ?? -1)
    if (current === undefined || current.tokenType === token.Placeholder) continue
    if (anyBetween(starts, statement, current.startOffset)) continue
    reportStray(reader, current, current.startOffset === statement, node.name === 'strayElement')
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

function reportStray(reader: Reader, current: IToken, first: boolean, inList: boolean): void {
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
  const help = type === token.Colon ? TYPES : Object.hasOwn(WORDS, image) ? WORDS[image] : undefined
  reader.report('unexpected-token', span, `unexpected ${quote(image)}`, {
    label: `expected ${place} before it`,
    ...(help !== undefined && { help }),
  })
}

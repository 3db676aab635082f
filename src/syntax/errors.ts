import type { IRecognitionException } from 'chevrotain'
import { endOf, spanOf } from '../../grammar/lex.ts'
import { CLOSERS } from '../../grammar/token-sets.ts'
import * as token from '../../grammar/tokens.ts'
import type { IToken, TokenType } from '../../grammar/tokens.ts'
import type { Fix } from '../diagnostics/diagnostic.ts'
import type { Source, Span } from '../diagnostics/source.ts'
import { isWritten, NO_TYPES, quote } from './quote.ts'
import type { Reader } from './reader.ts'

/** A token that no production wanted, in the terms that messages are written in. */
interface Unwanted {
  readonly reader: Reader
  readonly text: string
  readonly actual: IToken
  /** The token before it, if there is one. */
  readonly before: IToken | undefined
  /** The name of what the production wanted. */
  readonly expected: string
  /** The rules that were being read, the innermost last. */
  readonly rules: readonly string[]
  /** Whether it stands on the line of the token before it. */
  readonly found: boolean
  /** The end of the token before it. */
  readonly end: number
  readonly span: Span
  /** What it stands after: `` after `x` ``, or nothing. */
  readonly after: string
  readonly label: string
}

/** Reports an unwanted token; false where it has nothing to say about it. */
type Report = (unwanted: Unwanted) => boolean

/** Reports, in the user's terms, where a token stood that no production wanted. */
export function reportError(
  reader: Reader,
  { text }: Source,
  error: IRecognitionException & { readonly previousToken?: IToken },
): void {
  const unwanted = readError(reader, text, error)
  const inRule = BY_RULE[unwanted.rules.at(-1)!]
  if (inRule?.(unwanted) === true) return
  if (reportMissing(unwanted)) return
  const { span, found, actual, after } = unwanted
  const what = found ? quote(actual.image) : 'end'
  reader.report('unexpected-token', span, `unexpected ${what}${after}`)
}

function readError(
  reader: Reader,
  text: string,
  {
    token: actual,
    previousToken: previous,
    message: expected,
    context,
  }: IRecognitionException & { readonly previousToken?: IToken },
): Unwanted {
  const before =
    previous !== undefined && !Number.isNaN(previous.startOffset) ? previous : undefined
  const end = before === undefined ? 0 : endOf(before)
  // What is missing at the end of a line is missing there, and not where the next line starts.
  const found = isWritten(actual) && !/[\n\r]/.test(text.slice(end, actual.startOffset))
  return {
    reader,
    text,
    actual,
    before,
    expected,
    rules: context.ruleStack,
    found,
    end,
    span: found ? spanOf(actual) : { start: end, end },
    after: before === undefined || before.image === '' ? '' : ` after ${quote(before.image)}`,
    label: found ? `found ${quote(actual.image)}` : 'nothing is here',
  }
}

const reportOperand: Report = (unwanted) => {
  const { reader, actual, before, rules, span, after, label } = unwanted
  // The layout has reported the bracket that it closed here.
  if (actual.image === '' && CLOSERS.has(actual.tokenType)) return true
  if (actual.tokenType === token.StringToken) {
    reader.report('unexpected-text', span, 'a text in quotes is not a value', {
      label: 'expected an expression',
      help: 'texts stand only in `import { name } from "file"`',
    })
    return true
  }
  const opensBlock = actual.tokenType === token.LeftBrace && before?.tokenType === token.Equals
  if (opensBlock && rules.includes('functionBody')) {
    const equals = { start: before.startOffset, end: actual.startOffset }
    reader.report('unexpected-token', spanOf(before), 'no `=` stands before a block', {
      label: 'not needed',
      fix: { title: 'remove `=`', edits: [{ span: equals, text: '' }] },
    })
    return true
  }
  const fix = removeDangling(unwanted)
  reader.report('missing-expression', span, `expected an expression${after}`, {
    label,
    ...(fix !== undefined && { fix }),
  })
  return true
}

/** Removes the operator at the end of a line whose operand is missing. */
function removeDangling({ text, before, found }: Unwanted): Fix | undefined {
  if (before === undefined || found || !isWritten(before)) return undefined
  if (!token.operatorTokens.includes(before.tokenType)) return undefined
  const start = text.slice(0, before.startOffset).trimEnd().length
  return {
    title: `remove ${quote(before.image)}`,
    edits: [{ span: { start, end: endOf(before) }, text: '' }],
  }
}

const reportParameters: Report = ({ reader, text, before, expected, span, end, after, label }) => {
  if (expected !== token.LeftParen.name) return false
  const isScheduled = /\b(?:schedule|decay)\s+$/.test(text.slice(0, before?.startOffset))
  reader.report('missing-parameters', span, `expected parentheses${after}`, {
    label,
    help: isScheduled
      ? 'parameters are written in parentheses, the step `t` first'
      : 'parameters are written in parentheses, which are empty when there are none',
    fix: insertFix(end, isScheduled ? '(t)' : '()'),
  })
  return true
}

const INTERVAL =
  'an interval is written `[low, high]`, with `(` or `)` at an end that does not belong to it'

const reportRange: Report = ({ reader, span, label }) => {
  reader.report('bad-range', span, INTERVAL, { label })
  return true
}

/** What an import lacks, by the name of the token. */
const IMPORT_LACKS: Readonly<Record<string, string>> = {
  [token.From.name]: 'expected `from`',
  [token.StringToken.name]: 'expected the file in quotes',
  [token.LeftBrace.name]: 'expected `{`',
}

const reportImport: Report = (unwanted) => {
  const { reader, expected, span, label } = unwanted
  const fix = completeImport(unwanted)
  reader.report('bad-import', span, 'an import is written `import { name } from "std/momentum"`', {
    label: IMPORT_LACKS[expected] ?? label,
    ...(fix !== undefined && { fix }),
  })
  return true
}

function completeImport({ actual, expected, span, end }: Unwanted): Fix | undefined {
  if (actual.tokenType === token.StringToken && expected === token.From.name)
    return insertFix(end, ' from')
  if (actual.tokenType !== token.Identifier || expected !== token.LeftBrace.name) return undefined
  return {
    title: 'put the name in braces',
    edits: [
      { span: { start: span.start, end: span.start }, text: '{ ' },
      { span: { start: span.end, end: span.end }, text: ' }' },
    ],
  }
}

const reportFunctionBody: Report = ({ reader, span, after, label }) => {
  const message = `expected \`=\` and an expression, or a block in braces${after}`
  reader.report('missing-block', span, message, { label })
  return true
}

const reportBlock: Report = ({ reader, expected, span, after, label }) => {
  if (expected !== token.LeftBrace.name) return false
  reader.report('missing-block', span, `expected a block in braces${after}`, { label })
  return true
}

const reportSpaceValue: Report = ({ reader, span, after, label }) => {
  reader.report('missing-equals', span, `expected \`=\` or \`{\`${after}`, { label })
  return true
}

/** What is said in a rule of the grammar, by its name. */
const BY_RULE: Readonly<Record<string, Report>> = {
  operand: reportOperand,
  parameters: reportParameters,
  range: reportRange,
  import: reportImport,
  importNames: reportImport,
  importSource: reportImport,
  functionBody: reportFunctionBody,
  block: reportBlock,
  spaceGroup: reportBlock,
  spaceValue: reportSpaceValue,
}

/** Reports a name or an `=` that is missing, in any rule. */
const reportMissing: Report = (unwanted) => {
  const { reader, actual, expected, rules, span, after, label } = unwanted
  if (expected === token.Identifier.name) {
    reader.report('missing-name', span, `expected a name${after}`, { label })
    return true
  }
  if (expected !== token.Equals.name) return false
  if (rules.at(-1) === 'assign' && actual.tokenType === token.LeftParen)
    reader.report('missing-equals', span, 'nothing is done with this value', {
      label: 'a statement is more than a value',
      help: 'give it a name with `let name = ...`, or assign it to a state or to `update`',
    })
  else
    reader.report('missing-equals', span, `expected \`=\`${after}`, {
      label,
      ...equalsHelp(unwanted),
    })
  return true
}

function equalsHelp({ actual, end }: Unwanted): { readonly help?: string; readonly fix?: Fix } {
  if (actual.tokenType === token.Colon) return { help: NO_TYPES }
  return startsOperand(actual.tokenType) ? { fix: insertFix(end, ' =') } : {}
}

function insertFix(offset: number, text: string): Fix {
  return {
    title: `insert \`${text.trim()}\``,
    edits: [{ span: { start: offset, end: offset }, text }],
  }
}

function startsOperand(type: TokenType): boolean {
  return type === token.NumberToken || type === token.Identifier
}

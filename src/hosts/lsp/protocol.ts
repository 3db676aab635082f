import {
  CompletionItemKind,
  DiagnosticSeverity,
  DiagnosticTag,
  ErrorCodes,
  FoldingRangeKind,
  Position,
  Range,
  ResponseError,
  SymbolKind,
  type Diagnostic as ProtocolDiagnostic,
  type DocumentSymbol,
  type Location as ProtocolLocation,
  type TextEdit as ProtocolEdit,
} from 'vscode-languageserver'
import type { TextDocument } from 'vscode-languageserver-textdocument'
import type { Diagnostic, TextEdit } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/source.ts'
import type { Completion } from '../../language/editor/completion/item.ts'
import type { Location } from '../../language/editor/definition.ts'
import type { Fold } from '../../language/editor/folding.ts'
import type { DeclaredSymbol } from '../../language/editor/symbols.ts'
import type { Session } from './session.ts'

/** Spans are offsets in a document, ranges lines and columns of it. */
export function rangeOf(document: TextDocument, { start, end }: Span): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) }
}

/** Whether it counts lines and characters; the protocol's own test lets fractions pass. */
const isPosition = (value: unknown): value is Position =>
  Position.is(value) && Number.isInteger(value.line) && Number.isInteger(value.character)

const isRange = (value: unknown): value is Range =>
  Range.is(value) && isPosition(value.start) && isPosition(value.end)

/** The span of a range of any client. Throws an error of the protocol for what is none. */
export function spanOf(document: TextDocument, range: unknown): Span {
  if (!isRange(range)) throw new ResponseError(ErrorCodes.InvalidParams, 'there is no such range')
  const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)]
  return { start: Math.min(start, end), end: Math.max(start, end) }
}

/** The offset of a position of any client. Throws an error of the protocol for what is none. */
export function offsetOf(document: TextDocument, position: unknown): number {
  if (!isPosition(position))
    throw new ResponseError(ErrorCodes.InvalidParams, 'there is no such position')
  return document.offsetAt(position)
}

export function editsOf(document: TextDocument, edits: readonly TextEdit[]): ProtocolEdit[] {
  return edits.map(({ span, text }) => ({ range: rangeOf(document, span), newText: text }))
}

export function locationOf({ files, documentOf }: Session, place: Location): ProtocolLocation {
  return { uri: files.uriOf(place.path), range: rangeOf(documentOf(place.path), place.span) }
}

/** What fades in an editor. */
const UNUSED = /^unused-|^pointless-/

export function diagnosticOf(
  session: Session,
  document: TextDocument,
  diagnostic: Diagnostic,
): ProtocolDiagnostic {
  const { code, severity, span, message, label, help, notes = [], related = [] } = diagnostic
  const more = [
    ...(label === undefined ? [] : [label]),
    ...notes,
    ...(help === undefined ? [] : [`help: ${help}`]),
  ]
  return {
    range: rangeOf(document, span),
    severity: severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    code,
    source: 'optc',
    message: [message, ...more].join('\n'),
    ...(UNUSED.test(code) && { tags: [DiagnosticTag.Unnecessary] }),
    ...(related.length > 0 && {
      relatedInformation: related.map((each) => ({
        location: locationOf(session, each),
        message: each.label,
      })),
    }),
  }
}

const SYMBOLS: Readonly<Record<DeclaredSymbol['kind'], SymbolKind>> = {
  optimizer: SymbolKind.Class,
  function: SymbolKind.Function,
  schedule: SymbolKind.Function,
  space: SymbolKind.Namespace,
  parameter: SymbolKind.Property,
  state: SymbolKind.Field,
  value: SymbolKind.Variable,
  entry: SymbolKind.Key,
}

export const symbolKind = (kind: DeclaredSymbol['kind']): SymbolKind => SYMBOLS[kind]

export function symbolOf(document: TextDocument, symbol: DeclaredSymbol): DocumentSymbol {
  const { name, detail, kind, span, nameSpan, children } = symbol
  const range = rangeOf(document, {
    start: Math.min(span.start, nameSpan.start),
    end: Math.max(span.end, nameSpan.end),
  })
  return {
    // The protocol wants no empty names.
    name: name === '' ? '_' : name,
    detail,
    kind: SYMBOLS[kind],
    range,
    selectionRange: rangeOf(document, nameSpan),
    children: children.map((child) => symbolOf(document, child)),
  }
}

const COMPLETIONS: Readonly<Record<Completion['kind'], CompletionItemKind>> = {
  function: CompletionItemKind.Function,
  operator: CompletionItemKind.Operator,
  value: CompletionItemKind.Variable,
  parameter: CompletionItemKind.Property,
  state: CompletionItemKind.Field,
  word: CompletionItemKind.Keyword,
  file: CompletionItemKind.File,
}

export const completionKind = (kind: Completion['kind']): CompletionItemKind => COMPLETIONS[kind]

const FOLDS: Readonly<Record<Fold['kind'], FoldingRangeKind>> = {
  region: FoldingRangeKind.Region,
  comment: FoldingRangeKind.Comment,
  imports: FoldingRangeKind.Imports,
}

export const foldKind = (kind: Fold['kind']): FoldingRangeKind => FOLDS[kind]

import {
  InsertTextFormat,
  MarkupKind,
  SemanticTokensBuilder,
  type ClientCapabilities,
  type CompletionItem,
  type CompletionList,
  type DocumentHighlight,
  type DocumentSymbol,
  type FoldingRange,
  type Hover,
  type InlayHint,
  type Location,
  type LocationLink,
  type Range,
  type SemanticTokens,
  type SignatureHelp,
  type TextEdit,
  type WorkspaceEdit,
  type WorkspaceSymbol,
} from 'vscode-languageserver'
import { completionsAt } from '../../language/editor/completion/completion.ts'
import type { Completion } from '../../language/editor/completion/item.ts'
import { definitionAt } from '../../language/editor/definition.ts'
import { editBetween } from '../../language/editor/edits.ts'
import { foldsOf } from '../../language/editor/folding.ts'
import { hoverAt } from '../../language/editor/hover.ts'
import { inlayHintsOf } from '../../language/editor/inlay-hints.ts'
import { highlightsAt, referencesAt } from '../../language/editor/references.ts'
import { renameableAt, renameAt } from '../../language/editor/rename.ts'
import {
  semanticTokensOf,
  tokenModifiers,
  tokenTypes,
} from '../../language/editor/semantic-tokens.ts'
import { signatureAt } from '../../language/editor/signature.ts'
import { symbolsOf, workspaceSymbols } from '../../language/editor/symbols.ts'
import { formatFile } from '../../language/format.ts'
import { hasErrors } from '../../compile.ts'
import { refuse } from './answer.ts'
import {
  completionKind,
  editsOf,
  foldKind,
  locationOf,
  offsetOf,
  rangeOf,
  spanOf,
  symbolKind,
  symbolOf,
} from './protocol.ts'
import type { Session } from './session.ts'

/** A request about a document. Nothing in it can be relied on: clients send anything. */
export interface AboutDocument {
  readonly textDocument?: { readonly uri?: unknown }
}

/** A request about a place of a document. */
export interface AboutPlace extends AboutDocument {
  readonly position?: unknown
}

/** A request about a part of a document. */
export interface AboutRange extends AboutDocument {
  readonly range?: unknown
}

const uriOf = ({ textDocument }: AboutDocument): unknown => textDocument?.uri

const markdown = (value: string): { kind: typeof MarkupKind.Markdown; value: string } => ({
  kind: MarkupKind.Markdown,
  value,
})

export function hover(session: Session, params: AboutPlace): Hover | null {
  const { document, analysis } = session.opened(uriOf(params))
  const found = hoverAt(analysis, offsetOf(document, params.position))
  return found === undefined
    ? null
    : { contents: markdown(found.markdown), range: rangeOf(document, found.span) }
}

export function definition(
  session: Session,
  params: AboutPlace,
  capabilities: ClientCapabilities,
): Location | LocationLink[] | null {
  const { document, analysis } = session.opened(uriOf(params))
  const found = definitionAt(analysis, offsetOf(document, params.position), session.loader)
  if (found === undefined) return null
  const target = locationOf(session, found.target)
  if (capabilities.textDocument?.definition?.linkSupport !== true) return target
  const { uri: targetUri, range } = target
  return [
    {
      originSelectionRange: rangeOf(document, found.origin),
      targetUri,
      targetRange: range,
      targetSelectionRange: range,
    },
  ]
}

export function references(
  session: Session,
  params: AboutPlace & { readonly context?: { readonly includeDeclaration?: unknown } },
): Location[] {
  const { document, analysis } = session.opened(uriOf(params))
  const offset = offsetOf(document, params.position)
  const withDeclaration = params.context?.includeDeclaration === true
  return referencesAt(analysis, offset, session.workspace, withDeclaration).map((each) =>
    locationOf(session, each),
  )
}

export function highlights(session: Session, params: AboutPlace): DocumentHighlight[] {
  const { document, analysis } = session.opened(uriOf(params))
  return highlightsAt(analysis, offsetOf(document, params.position)).map(({ span, role }) => ({
    range: rangeOf(document, span),
    kind: role === 'write' || role === 'declaration' ? 3 : 2,
  }))
}

export function prepareRename(
  session: Session,
  params: AboutPlace,
): { range: Range; placeholder: string } {
  const { document, analysis } = session.opened(uriOf(params))
  const found = renameableAt(analysis, offsetOf(document, params.position))
  if (found.kind === 'refused') return refuse(found.reason)
  const { span, name } = found.value
  return { range: rangeOf(document, span), placeholder: name }
}

export function rename(
  session: Session,
  params: AboutPlace & { readonly newName?: unknown },
): WorkspaceEdit {
  const { document, analysis } = session.opened(uriOf(params))
  const offset = offsetOf(document, params.position)
  const found = renameAt(analysis, offset, String(params.newName), session.workspace)
  if (found.kind === 'refused') return refuse(found.reason)
  return {
    changes: Object.fromEntries(
      found.value.map(({ path, edits }) => [
        session.files.uriOf(path),
        editsOf(session.documentOf(path), edits),
      ]),
    ),
  }
}

export function completion(
  session: Session,
  params: AboutPlace,
  capabilities: ClientCapabilities,
): CompletionList {
  const { document, analysis } = session.opened(uriOf(params))
  const offset = offsetOf(document, params.position)
  const { span, items } = completionsAt(analysis, offset, session.workspace)
  const range = rangeOf(document, span)
  const takesSnippets =
    capabilities.textDocument?.completion?.completionItem?.snippetSupport === true
  return {
    isIncomplete: false,
    items: items.map((item): CompletionItem => {
      const isSnippet = takesSnippets && item.snippet !== undefined
      return {
        label: item.label,
        kind: completionKind(item.kind),
        sortText: `${item.rank}${item.label}`,
        textEdit: { range, newText: isSnippet ? item.snippet! : item.text },
        insertTextFormat: isSnippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
        ...(item.detail !== undefined && { detail: item.detail }),
        ...(item.edits !== undefined && { additionalTextEdits: editsOf(document, item.edits) }),
        ...documentationOf(item),
      }
    }),
  }
}

function documentationOf({
  documentation,
  library,
  label,
}: Completion): Pick<CompletionItem, 'documentation' | 'data'> {
  if (library !== undefined) return { data: { library, label } }
  return documentation === undefined || documentation === ''
    ? {}
    : { documentation: markdown(documentation) }
}

/** The documentation of a function that its library file has to be read for. */
export function resolveCompletion({ workspace }: Session, item: CompletionItem): CompletionItem {
  const data: unknown = item.data
  if (typeof data !== 'object' || data === null || !('library' in data)) return item
  const found = workspace
    .library(String(data.library))
    ?.module.items.find((each) => each.kind === 'function' && each.name.name === item.label)
  return found?.kind === 'function'
    ? { ...item, documentation: markdown(found.documentation.join('\n')) }
    : item
}

export function signature(session: Session, params: AboutPlace): SignatureHelp | null {
  const { document, analysis } = session.opened(uriOf(params))
  const found = signatureAt(analysis, offsetOf(document, params.position))
  if (found === undefined) return null
  const { signatures, active, parameter } = found
  return {
    signatures: signatures.map(({ label, documentation, parameters }) => ({
      label,
      documentation: markdown(documentation),
      parameters: parameters.map((each) => ({
        label: each.label,
        documentation: markdown(each.documentation),
      })),
    })),
    activeSignature: active,
    // Behind the last one none is marked.
    activeParameter: parameter ?? signatures[active]!.parameters.length,
  }
}

export function documentSymbols(session: Session, params: AboutDocument): DocumentSymbol[] {
  const { document, analysis } = session.opened(uriOf(params))
  return symbolsOf(analysis).map((symbol) => symbolOf(document, symbol))
}

export function findSymbols(
  session: Session,
  { query }: { readonly query?: unknown },
): WorkspaceSymbol[] {
  return workspaceSymbols(session.workspace, String(query ?? '')).map(({ path, symbol }) => ({
    name: symbol.name === '' ? '_' : symbol.name,
    kind: symbolKind(symbol.kind),
    location: locationOf(session, { path, span: symbol.nameSpan }),
    containerName: path,
  }))
}

export function folds(session: Session, params: AboutDocument): FoldingRange[] {
  const { analysis } = session.opened(uriOf(params))
  return foldsOf(analysis).map(({ first, last, kind }) => ({
    startLine: first,
    endLine: last,
    kind: foldKind(kind),
  }))
}

export function tokens(session: Session, params: AboutRange, isRange: boolean): SemanticTokens {
  const { document, analysis } = session.opened(uriOf(params))
  const { start, end } = isRange
    ? spanOf(document, params.range)
    : { start: 0, end: analysis.source.text.length }
  const builder = new SemanticTokensBuilder()
  for (const { span, type, modifiers } of semanticTokensOf(analysis)) {
    if (span.end < start || span.start > end) continue
    const { line, character } = document.positionAt(span.start)
    const bits = modifiers.reduce((all, each) => all | (1 << tokenModifiers.indexOf(each)), 0)
    builder.push(line, character, span.end - span.start, tokenTypes.indexOf(type), bits)
  }
  return builder.build()
}

export function inlayHints(session: Session, params: AboutRange): InlayHint[] {
  const { document, analysis } = session.opened(uriOf(params))
  return inlayHintsOf(analysis, spanOf(document, params.range)).map(({ offset, label, more }) => ({
    position: document.positionAt(offset),
    label,
    kind: 1,
    tooltip: markdown(more),
  }))
}

/** The edits that format a document; none where it has errors, which nobody could format. */
export function formatting(session: Session, params: AboutDocument): TextEdit[] {
  const { document, analysis } = session.opened(uriOf(params))
  const { value, diagnostics } = formatFile(analysis.source)
  const edit = hasErrors(diagnostics) ? undefined : editBetween(analysis.source.text, value)
  return edit === undefined ? [] : editsOf(document, [edit])
}

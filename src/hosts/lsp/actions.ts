import {
  ErrorCodes,
  LSPErrorCodes,
  ResponseError,
  type ClientCapabilities,
  type CodeAction,
  type CodeActionParams,
  type WorkspaceEdit,
} from 'vscode-languageserver'
import type { TextDocument } from 'vscode-languageserver-textdocument'
import type { TextEdit } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/source.ts'
import type { Analysis } from '../../language/editor/analysis.ts'
import { fixAll, fixesAt } from '../../language/editor/fixes.ts'
import { isSound, type Refactoring } from '../../language/refactor/refactoring.ts'
import { refactoringsAt } from '../../language/refactor/table.ts'
import { refuse } from './answer.ts'
import { DIFFERENCE } from './command-names.ts'
import { diagnosticOf, editsOf, spanOf } from './protocol.ts'
import type { Session } from './session.ts'

/** The kinds of actions there are. */
export const actionKinds = [
  'quickfix',
  'refactor.extract',
  'refactor.inline',
  'refactor.rewrite',
  'source.fixAll.optc',
]

const FIX_ALL = 'source.fixAll.optc'

/** What finds an action again when its edits are wanted. */
interface ActionData {
  readonly uri: string
  readonly version: number
  readonly span: Span
  readonly title: string
}

/** Up to this many characters it is found out at once which refactorings keep the meaning; else when one is chosen. */
const SMALL = 6000

/** The actions of a client; where it can ask for edits later, those that take long are worked out then. */
export function createActions(
  session: Session,
  { textDocument }: ClientCapabilities,
): {
  readonly list: (params: CodeActionParams) => CodeAction[]
  readonly resolve: (action: CodeAction) => CodeAction
} {
  const { codeAction } = textDocument ?? {}
  const resolves =
    codeAction?.dataSupport === true &&
    codeAction.resolveSupport?.properties.includes('edit') === true
  return {
    list: (params) => {
      const { document, analysis } = session.opened(params.textDocument?.uri)
      const span = spanOf(document, params.range)
      const wants = wanted(params.context?.only)
      return [
        ...(wants('quickfix') ? quickFixes(session, document, analysis, span) : []),
        ...(wants(FIX_ALL) ? fixAlls(session, document, analysis, resolves) : []),
        ...refactoringsAt(analysis, span)
          .filter(({ kind }) => wants(kind))
          .filter((each) => isKnownToFit(analysis, each, session, resolves))
          .map((each) => refactorAction(document, span, each, resolves)),
        ...(wants('source') ? differences(document, analysis, span) : []),
      ]
    },
    resolve: (action) => resolveAction(session, action),
  }
}

/** Whether a client wants actions of a kind: those it names, and the kinds below them; all but whole-file fixes where it names none. */
function wanted(only: readonly string[] | undefined): (kind: string) => boolean {
  return (kind) => only === undefined || only.some((each) => `${kind}.`.startsWith(`${each}.`))
}

function workspaceEdit({ uri }: TextDocument, edits: ReturnType<typeof editsOf>): WorkspaceEdit {
  return { changes: { [uri]: edits } }
}

function quickFixes(
  session: Session,
  document: TextDocument,
  analysis: Analysis,
  span: Span,
): CodeAction[] {
  return fixesAt(analysis, span).map(({ title, diagnostic, edits }) => ({
    title: sentence(title),
    kind: 'quickfix',
    diagnostics: [diagnosticOf(session, document, diagnostic)],
    isPreferred: true,
    edit: workspaceEdit(document, editsOf(document, edits)),
  }))
}

function fixAlls(
  { loader }: Session,
  document: TextDocument,
  analysis: Analysis,
  resolves: boolean,
): CodeAction[] {
  if (analysis.diagnostics.every(({ fix }) => fix === undefined)) return []
  const action: CodeAction = { title: 'Make every fix in this file', kind: FIX_ALL }
  if (resolves) return [{ ...action, data: dataOf(document, { start: 0, end: 0 }, action.title) }]
  const edit = fixAll(analysis, loader)
  return edit === undefined
    ? []
    : [{ ...action, edit: workspaceEdit(document, editsOf(document, [edit])) }]
}

function isKnownToFit(
  analysis: Analysis,
  refactoring: Refactoring,
  { loader }: Session,
  resolves: boolean,
): boolean {
  const isLater = resolves && analysis.source.text.length > SMALL
  return isLater || isSound(analysis, refactoring, loader)
}

function refactorAction(
  document: TextDocument,
  span: Span,
  { title, kind, edits }: Refactoring,
  resolves: boolean,
): CodeAction {
  const action: CodeAction = { title: sentence(title), kind }
  return resolves
    ? { ...action, data: dataOf(document, span, title) }
    : { ...action, edit: workspaceEdit(document, editsOf(document, edits)) }
}

/** The explanation of the optimizer that the place is in, which a client shows. */
function differences({ uri }: TextDocument, { checked }: Analysis, { start }: Span): CodeAction[] {
  if (!checked.valid) return []
  const { optimizers } = checked
  const around = optimizers.find(({ declaration }) => {
    const span = declaration?.span
    return span === undefined || (span.start <= start && start <= span.end)
  })
  if (around === undefined) return []
  const title = `Explain the difference of ${around.name} to Adam`
  return [
    {
      title,
      kind: 'source.explain',
      command: { title, command: DIFFERENCE, arguments: [uri, around.name] },
    },
  ]
}

function dataOf({ uri, version }: TextDocument, span: Span, title: string): ActionData {
  return { uri, version, span, title }
}

function resolveAction(session: Session, action: CodeAction): CodeAction {
  const data: unknown = action.data
  if (!isActionData(data))
    throw new ResponseError(ErrorCodes.InvalidParams, 'this action is none of the server')
  const { document, analysis } = session.opened(data.uri)
  if (document.version !== data.version)
    throw new ResponseError(LSPErrorCodes.ContentModified, 'the text has changed since')
  return {
    ...action,
    edit: workspaceEdit(document, editsOf(document, editsFor(session, analysis, action, data))),
  }
}

function editsFor(
  { loader }: Session,
  analysis: Analysis,
  { kind }: CodeAction,
  { span, title }: ActionData,
): readonly TextEdit[] {
  if (kind === FIX_ALL) {
    const edit = fixAll(analysis, loader)
    return edit === undefined ? [] : [edit]
  }
  const refactoring = refactoringsAt(analysis, span).find((each) => each.title === title)
  if (refactoring === undefined) return refuse('there is no such refactoring here')
  return isSound(analysis, refactoring, loader)
    ? refactoring.edits
    : refuse('this would change what the program computes')
}

function isActionData(data: unknown): data is ActionData {
  if (typeof data !== 'object' || data === null) return false
  const { uri, version, span, title } = data as Partial<Record<keyof ActionData, unknown>>
  const isSpan =
    typeof span === 'object' &&
    span !== null &&
    'start' in span &&
    'end' in span &&
    Number.isInteger(span.start) &&
    Number.isInteger(span.end)
  return (
    isSpan && typeof uri === 'string' && typeof version === 'number' && typeof title === 'string'
  )
}

const sentence = (title: string): string => title.slice(0, 1).toUpperCase() + title.slice(1)

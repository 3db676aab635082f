import { LSPPlugin, type LSPClient, type LSPClientExtension } from '@codemirror/lsp-client'
import { setDiagnostics, type Diagnostic as Marked } from '@codemirror/lint'
import { EditorView } from '@codemirror/view'
import type { CodeAction, Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver'
import { actionOf, codeActionsOf } from './code-actions.ts'

/** Something wrong with the text, and what would mend it. */
export interface Problem {
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly from: number
  readonly line: number
  readonly column: number
  readonly fixes: readonly { readonly title: string; readonly apply: () => Promise<void> }[]
}

/** How long after a change the server hears of it, in milliseconds; who types on makes it one message. */
const DELAY = 40

/** Marks what the server finds wrong, with its fixes, and tells of it. */
export function problemMarks(tell: (problems: readonly Problem[]) => void): LSPClientExtension {
  let timer: ReturnType<typeof setTimeout> | undefined
  let newest = 0
  const hear = async (client: LSPClient, params: PublishDiagnosticsParams): Promise<void> => {
    const file = client.workspace.getFile(params.uri)
    const view = file?.getView() ?? null
    const plugin = view && LSPPlugin.get(view)
    if (file === null || view === null || plugin === null) return
    if (params.version !== undefined && params.version !== file.version) return
    const mine = ++newest
    const { diagnostics } = params
    show(view, plugin, diagnostics, [], tell)
    if (diagnostics.length === 0) return
    const whole = { start: plugin.toPosition(0), end: plugin.toPosition(view.state.doc.length) }
    const actions = await codeActionsOf(plugin, whole, ['quickfix']).catch(() => [])
    // The text has changed meanwhile: what is wrong with it now is on its way.
    if (mine !== newest || !plugin.unsyncedChanges.empty || params.version !== file.version) return
    show(view, plugin, diagnostics, actions, tell)
  }
  return {
    clientCapabilities: { textDocument: { publishDiagnostics: { versionSupport: true } } },
    notificationHandlers: {
      'textDocument/publishDiagnostics': (client, params: PublishDiagnosticsParams) => {
        void hear(client, params)
        return true
      },
    },
    editorExtension: EditorView.updateListener.of(({ docChanged, view }) => {
      if (!docChanged) return
      clearTimeout(timer)
      timer = setTimeout(() => LSPPlugin.get(view)?.client.sync(), DELAY)
    }),
  }
}

function show(
  view: EditorView,
  plugin: LSPPlugin,
  diagnostics: readonly Diagnostic[],
  actions: readonly CodeAction[],
  tell: (problems: readonly Problem[]) => void,
): void {
  const place = (position: Diagnostic['range']['start']): number =>
    plugin.unsyncedChanges.mapPos(plugin.fromPosition(position, plugin.syncedDoc))
  const problems = diagnostics.map((each): Problem & { readonly to: number } => {
    const { range, message, severity } = each
    const from = place(range.start)
    const line = view.state.doc.lineAt(from)
    return {
      severity: severity === 1 ? 'error' : 'warning',
      message: typeof message === 'string' ? message : message.value,
      from,
      to: place(range.end),
      line: line.number,
      column: from - line.from + 1,
      fixes: actions
        .filter((action) => action.diagnostics?.some((other) => isSame(each, other)) === true)
        .map((action) => actionOf(view, plugin, action)),
    }
  })
  view.dispatch(
    setDiagnostics(
      view.state,
      problems.map(({ from, to, severity, message, fixes }): Marked => ({
        from,
        to,
        severity,
        message,
        actions: fixes.map(({ title, apply }) => ({ name: title, apply: () => void apply() })),
      })),
    ),
  )
  tell(problems)
}

function isSame(a: Diagnostic, b: Diagnostic): boolean {
  return (
    a.code === b.code &&
    a.message === b.message &&
    JSON.stringify(a.range) === JSON.stringify(b.range)
  )
}

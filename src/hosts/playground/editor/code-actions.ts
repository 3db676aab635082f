import { LSPPlugin } from '@codemirror/lsp-client'
import type { EditorView } from '@codemirror/view'
import type {
  CodeAction,
  CodeActionParams,
  Range,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver'

/** A fix or a refactoring that the language server offers. */
export interface Action {
  readonly title: string
  readonly kind: string
  /** Makes its edits as one step; rejects with the reason where it cannot be done. */
  readonly apply: () => Promise<void>
  /** What the server says of it, where it says something instead of changing the text. */
  readonly tell?: () => Promise<string>
}

/**
 * What this client can do: the edits of actions may come when one is chosen. Of completions it takes either a snippet or the import that
 * comes with it, and the import is worth more.
 */
export const capabilities = {
  textDocument: {
    completion: { completionItem: { snippetSupport: false } },
    codeAction: {
      dataSupport: true,
      resolveSupport: { properties: ['edit'] },
      codeActionLiteralSupport: { codeActionKind: { valueSet: [] } },
    },
  },
}

/** The actions of a part of the text as the server gives them. */
export async function codeActionsOf(
  plugin: LSPPlugin,
  range: Range,
  only?: readonly string[],
): Promise<readonly CodeAction[]> {
  plugin.client.sync()
  const params: CodeActionParams = {
    textDocument: { uri: plugin.uri },
    range,
    context: { diagnostics: [], ...(only !== undefined && { only: [...only] }) },
  }
  return (
    (await plugin.client.request<CodeActionParams, CodeAction[] | null>(
      'textDocument/codeAction',
      params,
    )) ?? []
  )
}

/** What can be done at the selection of an editor. */
export async function actionsAt(view: EditorView): Promise<readonly Action[]> {
  const plugin = LSPPlugin.get(view)
  if (plugin === null) return []
  const { from, to } = view.state.selection.main
  const range = { start: plugin.toPosition(from), end: plugin.toPosition(to) }
  const actions = await codeActionsOf(plugin, range)
  return actions.map((action) => actionOf(view, plugin, action))
}

/** An action of the server as one that can be applied. */
export function actionOf(view: EditorView, plugin: LSPPlugin, action: CodeAction): Action {
  const { title, kind = '', command } = action
  return {
    title,
    kind,
    apply: async () => {
      const { edit } =
        action.edit === undefined
          ? await plugin.client.request<CodeAction, CodeAction>('codeAction/resolve', action)
          : action
      if (edit !== undefined) applyEdit(view, plugin, edit)
    },
    ...(command !== undefined && {
      tell: async () =>
        String(
          await plugin.client.request('workspace/executeCommand', {
            command: command.command,
            arguments: command.arguments,
          }),
        ),
    }),
  }
}

/** Makes those edits that are of the editor's file. */
function applyEdit(view: EditorView, plugin: LSPPlugin, { changes }: WorkspaceEdit): void {
  const edits = changes?.[plugin.uri] ?? []
  view.dispatch({
    changes: edits.map(({ range, newText }: TextEdit) => ({
      from: plugin.fromPosition(range.start, plugin.syncedDoc),
      to: plugin.fromPosition(range.end, plugin.syncedDoc),
      insert: newText,
    })),
    userEvent: 'input.fix',
  })
}

import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  indentUnit,
} from '@codemirror/language'
import { lintKeymap } from '@codemirror/lint'
import {
  findReferencesKeymap,
  formatDocument,
  formatKeymap,
  hoverTooltips,
  jumpToDefinitionKeymap,
  LSPClient,
  renameKeymap,
  serverCompletion,
  signatureHelp,
} from '@codemirror/lsp-client'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { EditorState, Prec, type Extension } from '@codemirror/state'
import {
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import type { ToWorker } from '../calls/messages.ts'
import { shadowOf } from '../page/element.ts'
import type { Links } from '../panes/pane.ts'
import { capabilities } from './code-actions.ts'
import { linked } from './link-extension.ts'
import { optLanguage } from './opt-language.ts'
import { problemMarks, type Problem } from './problems.ts'
import { sanitized } from './sanitized.ts'
import { editorLook } from './theme.ts'
import { portTransport } from './transport.ts'
import { typingOverLines } from './typing.ts'

export interface EditorOptions {
  readonly host: HTMLElement
  readonly text: string
  /** The worker that the language server runs in. */
  readonly worker: Worker
  readonly links: Links
  readonly onText: (text: string) => void
  readonly onCursor: (offset: number) => void
  readonly onProblems: (problems: readonly Problem[]) => void
  /** Opens what can be done at the cursor. */
  readonly onActions: () => void
  /** Shows a file of the library, and gives the view that does. */
  readonly showFile: (name: string) => Promise<EditorView | null>
}

export interface Editor {
  readonly view: EditorView
  readonly format: () => void
  /** Puts another text in the place of all, as one step that can be undone. */
  readonly replace: (text: string) => void
}

const URI = 'memory:///playground.opt'

/** What stands before the names of files that the server tells of. */
const MEMORY = 'memory:///'

/** Requests of a slow machine may take this long, in milliseconds. */
const TIMEOUT = 20_000

/** An editor whose words come from the language server in a worker. */
export function createEditor(options: EditorOptions): Editor {
  const client = connect(options)
  const view = new EditorView({
    parent: shadowOf(options.host),
    state: EditorState.create({
      doc: options.text,
      extensions: [
        Prec.high(keymap.of([{ key: 'Mod-.', run: () => (options.onActions(), true) }])),
        typingOverLines,
        editing,
        optLanguage,
        editorLook,
        client.plugin(URI, 'opt'),
        linked(options.links, new AbortController().signal),
        EditorView.contentAttributes.of({ tabindex: '0', 'aria-label': 'Program' }),
        EditorView.updateListener.of(({ docChanged, selectionSet, state }) => {
          if (docChanged) options.onText(state.doc.toString())
          if (docChanged || selectionSet) options.onCursor(state.selection.main.head)
        }),
      ],
    }),
  })
  return {
    view,
    format: () => void formatDocument(view),
    replace: (text) => {
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text },
        selection: { anchor: 0 },
        scrollIntoView: true,
        userEvent: 'input.replace',
      })
    },
  }
}

const editing: Extension = [
  lineNumbers(),
  highlightActiveLineGutter(),
  highlightSpecialChars(),
  history(),
  foldGutter(),
  codeFolding(),
  EditorView.lineWrapping,
  drawSelection(),
  dropCursor(),
  indentUnit.of('  '),
  bracketMatching(),
  closeBrackets(),
  autocompletion(),
  highlightActiveLine(),
  highlightSelectionMatches(),
  search({ top: true }),
  keymap.of([
    ...closeBracketsKeymap,
    ...defaultKeymap,
    ...searchKeymap,
    ...historyKeymap,
    ...foldKeymap,
    ...completionKeymap,
    ...lintKeymap,
    ...formatKeymap,
    ...renameKeymap,
    ...jumpToDefinitionKeymap,
    ...findReferencesKeymap,
  ]),
]

function connect({ worker, onProblems, showFile }: EditorOptions): LSPClient {
  const { port1, port2 } = new MessageChannel()
  const message: ToWorker = { kind: 'connect' }
  worker.postMessage(message, [port2])
  const client = new LSPClient({
    timeout: TIMEOUT,
    // What is hovered is documentation in the program, which anybody may have written.
    sanitizeHTML: sanitized,
    extensions: [
      serverCompletion({ override: true }),
      hoverTooltips(),
      signatureHelp(),
      problemMarks(onProblems),
      { clientCapabilities: capabilities },
    ],
  })
  const { workspace } = client
  const displayed = workspace.displayFile.bind(workspace)
  workspace.displayFile = async (uri) =>
    (await displayed(uri)) ?? (await showFile(uri.slice(MEMORY.length)))
  return client.connect(portTransport(port1))
}

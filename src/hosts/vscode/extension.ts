import * as vscode from 'vscode'
import {
  ExecuteCommandRequest,
  LanguageClient,
  type Executable,
  type LanguageClientOptions,
} from 'vscode-languageclient/node'
import { CURVES, DIFFERENCE } from '../lsp/command-names.ts'
import { createPreview } from './preview.ts'
import { runInTerminal, TERMINAL_COMMANDS } from './terminal.ts'

/** Where texts are shown from that the server writes. */
const EXPLANATION = 'optc-explanation'

let client: LanguageClient | undefined

/** Starts the language server and the commands: what Visual Studio Code calls when the first `.opt` file is opened. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const explanations = new Map<string, string>()
  const explain = async (text: unknown): Promise<void> => {
    if (typeof text !== 'string') return
    const uri = vscode.Uri.from({ scheme: EXPLANATION, path: `/${titleOf(text)}.md` })
    explanations.set(uri.toString(), text)
    await vscode.commands.executeCommand('markdown.showPreviewToSide', uri)
  }
  const options: LanguageClientOptions = {
    documentSelector: [{ language: 'opt' }],
    middleware: {
      // The server gives a text; where it is shown is the editor's business.
      executeCommand: async (command, arguments_, next) => {
        const answer: unknown = await next(command, arguments_)
        if (command === DIFFERENCE) await explain(answer)
        return answer
      },
    },
  }
  const started = new LanguageClient('optc', 'optc', serverOf(context), options)
  client = started
  const preview = createPreview(async (uri) =>
    String(
      await started.sendRequest(ExecuteCommandRequest.type, {
        command: CURVES,
        arguments: [started.code2ProtocolConverter.asUri(uri)],
      }),
    ),
  )
  context.subscriptions.push(
    preview,
    vscode.workspace.registerTextDocumentContentProvider(EXPLANATION, {
      provideTextDocumentContent: (uri) => explanations.get(uri.toString()) ?? '',
    }),
    vscode.commands.registerCommand('optc.preview', preview.show),
    ...Object.entries(TERMINAL_COMMANDS).map(([name, argumentsFor]) =>
      vscode.commands.registerCommand(name, () => runInTerminal(argumentsFor)),
    ),
  )
  await started.start()
}

/** Ends the server. */
export async function deactivate(): Promise<void> {
  await client?.stop()
}

function serverOf(context: vscode.ExtensionContext): Executable {
  const path = vscode.workspace.getConfiguration('optc').get<string>('server.path', '')
  if (path !== '') return { command: path, args: ['lsp', '--stdio'] }
  return {
    // The editor's own runtime, so that nothing else has to be installed.
    command: process.execPath,
    args: [context.asAbsolutePath('server/server.mjs')],
    options: { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } },
  }
}

/** The first line of a Markdown text, as the name of a tab. */
function titleOf(text: string): string {
  return text
    .split('\n', 1)[0]!
    .replace(/[^A-Za-z0-9 ]/g, '')
    .trim()
}

import { dirname } from 'node:path'
import * as vscode from 'vscode'

/** What each command runs as `npx optc`, given the path of a file. */
export const TERMINAL_COMMANDS: Readonly<Record<string, (file: string) => readonly string[]>> = {
  'optc.compile': (file) => ['compile', file, '--out', dirname(file)],
  'optc.plot': (file) => ['plot', file],
  'optc.train': (file) => ['train', file, '--against', 'adam,sgd'],
}

/** Runs optc on the file of the active editor in a terminal, after saving it. */
export async function runInTerminal(
  argumentsFor: (file: string) => readonly string[],
): Promise<void> {
  const document = vscode.window.activeTextEditor?.document
  if (document?.languageId !== 'opt') return
  if (document.isUntitled || !(await document.save())) {
    void vscode.window.showInformationMessage('Save the program first.')
    return
  }
  const folder = vscode.workspace.getWorkspaceFolder(document.uri)
  const cwd = folder?.uri.fsPath ?? dirname(document.uri.fsPath)
  const arguments_ = ['optc', ...argumentsFor(document.uri.fsPath)]
  await vscode.tasks.executeTask(
    new vscode.Task(
      { type: 'optc' },
      folder ?? vscode.TaskScope.Workspace,
      arguments_.slice(0, 2).join(' '),
      'optc',
      new vscode.ShellExecution('npx', arguments_, { cwd }),
    ),
  )
}

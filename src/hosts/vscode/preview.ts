import * as vscode from 'vscode'

/** Draws what a document declares; rejects with the reason where there is nothing to draw. */
export type Draw = (uri: vscode.Uri) => Promise<string>

/** How long after a keystroke the picture is drawn again, in milliseconds. */
const DELAY = 80

/** The picture of an editor's document beside it, drawn again whenever the text changes. There is one at a time. */
export function createPreview(draw: Draw): { readonly show: () => void } & vscode.Disposable {
  let panel: vscode.WebviewPanel | undefined
  let shown: vscode.TextDocument | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let newest = 0
  const refresh = async (): Promise<void> => {
    if (panel === undefined || shown === undefined) return
    newest += 1
    const mine = newest
    const body = await draw(shown.uri).then(
      (svg) =>
        `<img alt="" src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}">`,
      (error: unknown) =>
        `<p>${escaped(error instanceof Error ? error.message : String(error))}</p>`,
    )
    // A later text has been drawn meanwhile.
    if (mine === newest && panel !== undefined) panel.webview.html = page(body)
  }
  const later = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void refresh(), DELAY)
  }
  const listeners = [
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document === shown) later()
    }),
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      if (panel === undefined || editor?.document.languageId !== 'opt') return
      shown = editor.document
      later()
    }),
  ]
  return {
    show: () => {
      shown = vscode.window.activeTextEditor?.document
      if (panel === undefined) {
        panel = vscode.window.createWebviewPanel(
          'optc.preview',
          'Schedules',
          { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
          { enableScripts: false, localResourceRoots: [] },
        )
        panel.onDidDispose(() => (panel = undefined))
      }
      later()
    },
    dispose: () => {
      clearTimeout(timer)
      panel?.dispose()
      for (const listener of listeners) listener.dispose()
    },
  }
}

/** A page that runs nothing and loads nothing but the picture in it. */
function page(body: string): string {
  const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
  return `<!doctype html><html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<style>img { max-width: 100% }</style></head><body>${body}</body></html>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`)
}

import { spawn } from 'node:child_process'

/** The program that shows a page in the browser that a person has chosen, and its arguments. */
export function browserCommand(
  url: string,
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): readonly [program: string, ...arguments_: readonly string[]] {
  const chosen = env['BROWSER']
  if (chosen !== undefined && chosen !== '') return [chosen, url]
  if (platform === 'darwin') return ['open', url]
  // `start` is a word of the shell, to which `&` in an address would be one more.
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url]
  return ['xdg-open', url]
}

/** Shows a page in the browser; false when there is no program that does. The browser outlives this process. */
export function openBrowser(
  url: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const [program, ...arguments_] = browserCommand(url, process.platform, env)
  return new Promise((resolve) => {
    const child = spawn(program, arguments_, {
      ...{ detached: true, stdio: 'ignore', env: { ...env } },
    })
    child.on('error', () => resolve(false))
    child.on('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { packageRoot } from '../../../tasks/package-root.ts'
import { openBrowser } from '../../serving/open-browser.ts'
import type { Output } from '../output.ts'
import type { World } from '../world.ts'

/**
 * Shows the report of the run called `name` in the browser, which refreshes itself, served by a process of its own; what is
 * given lets go of that. A search goes on without it.
 */
export async function openReport(name: string, world: World, output: Output): Promise<() => void> {
  const child = fork(join(packageRoot(), 'dist', 'commands', 'watch-companion.js'), [name], {
    ...{ cwd: world.cwd, env: { ...world.env }, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
  })
  const address: unknown = await Promise.race([
    once(child, 'message').then(([message]) => message as unknown),
    once(child, 'exit').then(() => undefined),
  ])
  if (typeof address !== 'string') {
    output.note('the report cannot be shown; `optc report --watch` tells why')
    return () => undefined
  }
  output.note(`watch it at ${address}`)
  if (!(await openBrowser(address, world.env)))
    output.note('no browser was found to open; the address works in any on this machine')
  child.unref()
  child.channel?.unref()
  return () => {
    if (child.connected) child.disconnect()
  }
}

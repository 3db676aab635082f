import { openBrowser } from '../serving/open-browser.ts'
import { startServer, type RunningServer, type Site } from '../serving/server.ts'
import { failure } from './failure.ts'
import type { Output } from './output.ts'
import { reasonOf } from './sources.ts'
import type { World } from './world.ts'

/** How a command serves a site. */
export interface ServeOptions {
  /** One that is free when absent. */
  readonly port: number | undefined
  /** Whether the browser is to show it. */
  readonly open: boolean
  /** Where its first page is, a slash in front; `/` when absent. */
  readonly start?: string
}

/** Starts to serve `site`, says where on standard output, and shows it where that is asked for. Throws a failure when the port is taken. */
async function beginServing(
  site: Site,
  { port, open, start = '/' }: ServeOptions,
  world: World,
  output: Output,
): Promise<RunningServer> {
  const server = await listen(site, port)
  const address = new URL(start, server.url).href
  output.print(`${address}\n`)
  if (open && !(await openBrowser(address, world.env)))
    output.note('no browser was found to open; the address works in any on this machine')
  return server
}

/** Serves `site` until Ctrl-C. */
export async function serveUntilEnd(
  site: Site,
  options: ServeOptions,
  world: World,
  output: Output,
): Promise<void> {
  const server = await beginServing(site, options, world, output)
  output.note(output.notePaint.dim('Ctrl-C ends'))
  try {
    await aborted(world.signal)
  } finally {
    await server.close()
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

async function listen(site: Site, port: number | undefined): Promise<RunningServer> {
  try {
    return await startServer(site, port === undefined ? {} : { port })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw failure(
      'failed',
      code === 'EADDRINUSE'
        ? `port ${port} is taken by another program`
        : `cannot listen on 127.0.0.1:${port ?? 0}: ${reasonOf(error)}`,
      'give another --port, or none for one that is free',
    )
  }
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../../tasks/package-root.ts'
import { policyOf } from '../../playground/policy.ts'
import { openBrowser } from '../../serving/open-browser.ts'
import { startServer, type RunningServer } from '../../serving/server.ts'
import type { Invocation } from '../command.ts'
import { exitCodes, failure } from '../failure.ts'

interface Options {
  readonly port: number | undefined
  readonly open: boolean
}

const MOST_PORT = 65_535

/** `optc playground`: serves the page until it is interrupted. */
export async function run({ options, output, world }: Invocation<Options>): Promise<number> {
  const location = join(packageRoot(), 'dist/playground')
  if (!existsSync(join(location, 'index.html')))
    throw failure('failed', 'the playground is not built', 'run `npm run build:playground`')
  const server = await listen(location, options.port)
  output.print(`${server.url}\n`)
  output.note('The playground, for this machine alone. Ctrl-C ends it.')
  if (options.open && !(await openBrowser(server.url, world.env)))
    output.note('There is no program here that opens a browser.')
  if (!world.signal.aborted)
    await new Promise((resolve) => world.signal.addEventListener('abort', resolve, { once: true }))
  await server.close()
  return exitCodes.done
}

async function listen(location: string, port: number | undefined): Promise<RunningServer> {
  if (port !== undefined && port > MOST_PORT)
    throw failure('usage', `there is no port ${port}; the last is ${MOST_PORT}`)
  try {
    return await startServer(
      { folder: { location, policyOf } },
      { ...(port !== undefined && { port }) },
    )
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw failure('failed', `the port cannot be listened on: ${reason}`, 'choose another --port')
  }
}

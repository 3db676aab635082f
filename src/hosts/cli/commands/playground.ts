import { join } from 'node:path'
import { packageRoot } from '../../../tasks/package-root.ts'
import { policyOf } from '../../playground/policy.ts'
import { answerFromFolder } from '../../serving/static-folder.ts'
import type { Invocation } from '../command.ts'
import { exitCodes, failure } from '../failure.ts'
import { serveUntilEnd } from '../serve.ts'

interface Options {
  readonly port: number | undefined
  readonly open: boolean
}

const MOST_PORT = 65_535

/** `optc playground`: serves the page until it is interrupted. */
export async function run({ options, output, world }: Invocation<Options>): Promise<number> {
  const { port } = options
  if (port !== undefined && port > MOST_PORT)
    throw failure('usage', `there is no port ${port}; the last is ${MOST_PORT}`)
  const folder = { location: join(packageRoot(), 'dist/playground'), policyOf }
  if (answerFromFolder(folder, '/') === undefined)
    throw failure('failed', 'the playground is not built', 'run `npm run build:playground`')
  await serveUntilEnd({ folder }, options, world, output)
  return exitCodes.interrupted
}

import picocolors from 'picocolors'
import { visible } from '../../diagnostics/render-cells.ts'
import type { World, TextStream } from './world.ts'

/** Functions that colour text, or leave it alone where colour is not wanted. */
export type Paint = ReturnType<typeof picocolors.createColors>

/** How a command talks: results on standard output, everything else on standard error. */
export interface Output {
  /** Writes a result as it is. */
  readonly print: (text: string) => void
  /** Writes a line that is not a result. */
  readonly note: (text: string) => void
  /** Writes `error: message`, the lines of `details` and `= help: help`. */
  readonly error: (message: string, help?: string, details?: string) => void
  /** Colours for results. */
  readonly paint: Paint
  /** Colours for everything else. */
  readonly notePaint: Paint
  /** Width that results should keep to: the terminal's, 100 where that is not known. */
  readonly columns: number
}

const DEFAULT_COLUMNS = 100

/** The output of a world; colour as `NO_COLOR` and `FORCE_COLOR` say, else only in a terminal. */
export function createOutput(world: Pick<World, 'stdout' | 'stderr' | 'env'>): Output {
  const notePaint = paintFor(world.stderr, world.env)
  return {
    print: world.stdout.write,
    note: (text) => world.stderr.write(`${text}\n`),
    error: (message, help, details) => {
      world.stderr.write(
        `${notePaint.bold(notePaint.red('error'))}${notePaint.bold(`: ${visible(message)}`)}\n`,
      )
      for (const line of details?.split('\n') ?? []) world.stderr.write(`  ${visible(line)}\n`)
      if (help !== undefined)
        world.stderr.write(`  ${notePaint.blue('=')} ${notePaint.bold('help:')} ${visible(help)}\n`)
    },
    paint: paintFor(world.stdout, world.env),
    notePaint,
    columns: world.stdout.columns ?? DEFAULT_COLUMNS,
  }
}

/** https://no-color.org and https://force-color.org; `NO_COLOR` wins. */
function paintFor(stream: TextStream, env: World['env']): Paint {
  const refused = Boolean(env['NO_COLOR'])
  const forced = Boolean(env['FORCE_COLOR']) && env['FORCE_COLOR'] !== '0'
  const able = stream.isTerminal && env['TERM'] !== 'dumb' && env['FORCE_COLOR'] !== '0'
  return picocolors.createColors(!refused && (forced || able))
}

import { resolve } from 'node:path'
import { DATA_SOURCES, loadData, locateData, type DataSource } from '../../../tasks/data-set.ts'
import type { Invocation } from '../command.ts'
import { exitCodes } from '../failure.ts'
import type { Output } from '../output.ts'

/** `optc data`. */
export function run({
  options,
  world,
  output,
}: Invocation<{ readonly data: string | undefined }>): number {
  const directory = options.data === undefined ? undefined : resolve(world.cwd, options.data)
  output.print(DATA_SOURCES.map((source) => describe(source, directory, output)).join('\n'))
  return exitCodes.done
}

function describe(source: DataSource, directory: string | undefined, { paint }: Output): string {
  const given = directory !== undefined && locateData(source, directory).ok ? directory : undefined
  const place = locateData(source, given)
  const lines = [`${paint.bold(source.name)}: ${source.summary}`]
  if (!place.ok) {
    lines.push(`  ${paint.yellow('missing')}: ${place.problem.path} ${place.problem.problem}`)
    lines.push(`  to get it: ${source.remedy}`)
  } else {
    const loaded = loadData(source, given)
    if (loaded.ok) {
      const { train, test } = loaded.value
      lines.push(
        `  ${paint.green('ready')}: ${place.value}, ${train.count} images to train on, ${test.count} to test`,
      )
    } else {
      const { path, problem, expected, remedy } = loaded.problem
      lines.push(
        `  ${paint.red('broken')}: ${path} ${problem}; expected ${expected}`,
        `  to get it: ${remedy}`,
      )
    }
  }
  return `${lines.join('\n')}\n`
}

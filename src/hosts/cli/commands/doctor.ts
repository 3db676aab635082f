import { probeBackends, type BackendRecord } from '../../../runtime/backends.ts'
import type { Invocation } from '../command.ts'
import { exitCodes } from '../failure.ts'
import type { Output } from '../output.ts'
import { packageVersion } from '../package.ts'

/** `optc doctor`. */
export async function run({ output }: Invocation<object>): Promise<number> {
  const { paint } = output
  output.note('trying each backend; this takes some seconds')
  const records = await probeBackends()
  const chosen =
    records.find(({ available, reason }) => available && reason === undefined) ??
    records.find(({ available }) => available)
  output.print(
    `optc ${packageVersion()}, Node ${process.version}, ${process.platform} ${process.arch}\n\n`,
  )
  for (const record of records) output.print(describe(record, record === chosen, output))
  output.print(
    chosen === undefined
      ? `\n${paint.red('no backend works')}: training is not possible here\n`
      : `\n\`--backend auto\` takes ${paint.bold(chosen.name)}\n`,
  )
  return chosen === undefined ? exitCodes.failed : exitCodes.done
}

function describe(
  { name, available, reason, detail }: BackendRecord,
  chosen: boolean,
  { paint }: Output,
): string {
  const state = available ? paint.green('works') : paint.yellow('does not work')
  const lines = [
    `${paint.bold(name)}${chosen ? ' *' : ''}: ${state}${reason === undefined ? '' : `; ${reason}`}`,
  ]
  for (const [key, value] of Object.entries(detail)) lines.push(`    ${key}: ${value}`)
  return `${lines.join('\n')}\n`
}

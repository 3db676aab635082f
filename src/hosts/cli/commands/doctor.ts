import {
  BACKEND_NAMES,
  choiceAmong,
  probeBackends,
  type BackendName,
  type BackendRecord,
} from '../../../runtime/backends.ts'
import { nearest } from '../../../diagnostics/suggest.ts'
import { TASKS } from '../../../tasks/task.ts'
import { stepWork } from '../../../tasks/work.ts'
import type { Invocation } from '../command.ts'
import { exitCodes, failure } from '../failure.ts'
import { installTensorflow } from '../installing/install-tensorflow.ts'
import type { Output } from '../output.ts'
import { packageVersion } from '../package.ts'

interface DoctorOptions {
  readonly install: 'tensorflow' | undefined
  readonly dryRun: boolean
}

/** `optc doctor`. */
export async function run(invocation: Invocation<DoctorOptions>): Promise<number> {
  const { operands, options, world, output } = invocation
  const names = operands.map(backendName)
  if (options.install !== undefined) {
    if (names.length > 0) throw failure('usage', '--install takes no other backends')
    return installTensorflow(world, output, options.dryRun)
  }
  if (options.dryRun) throw failure('usage', '--dry-run is for --install')
  output.note(
    names.length === 0
      ? 'trying each backend; this takes some seconds'
      : `trying ${names.join(', ')}`,
  )
  const records = await probeBackends(names.length === 0 ? BACKEND_NAMES : names)
  if (world.signal.aborted) return exitCodes.interrupted
  output.print(
    `optc ${packageVersion()}, Node ${process.version}, ${process.platform} ${process.arch}\n\n`,
  )
  const chosen = names.length === 0 ? choiceAmong(records, 0) : undefined
  for (const record of records) output.print(describe(record, record === chosen, output))
  if (names.length === 0) output.print(`\n${choiceText(records, chosen, output)}\n`)
  return records.some(({ available }) => available) ? exitCodes.done : exitCodes.failed
}

function backendName(written: string): BackendName {
  const name = BACKEND_NAMES.find((known) => known === written)
  if (name !== undefined) return name
  const meant = nearest(written, BACKEND_NAMES)
  throw failure(
    'usage',
    `there is no backend ${written}`,
    meant === undefined ? `there is ${BACKEND_NAMES.join(', ')}` : `did you mean ${meant}?`,
  )
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

/** What `auto` takes, and for which tasks it takes another. */
function choiceText(
  records: readonly BackendRecord[],
  chosen: BackendRecord | undefined,
  { paint }: Output,
): string {
  if (chosen === undefined) return `${paint.red('no backend works')}: training is not possible here`
  const others = new Map<string, string[]>()
  for (const task of TASKS) {
    const { name } = choiceAmong(records, stepWork(task) ?? 0) ?? chosen
    if (name !== chosen.name) others.set(name, [...(others.get(name) ?? []), task.name])
  }
  const exceptions = [...others].map(
    ([name, tasks]) => `, ${paint.bold(name)} for ${tasks.join(', ')}`,
  )
  return `\`--backend auto\` takes ${paint.bold(chosen.name)}${exceptions.join('')}`
}

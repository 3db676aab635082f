import { resolve } from 'node:path'
import type { DataResult } from '../../../tasks/data-file.ts'
import { writeSampleSheet } from '../../../tasks/image-files/sample-sheet.ts'
import type { ColumnFacts, DataDescription } from '../../../tasks/inspect/description.ts'
import { inspectData } from '../../../tasks/inspect/inspect-data.ts'
import { NAMED_DATA } from '../../../tasks/named-data.ts'
import type { Invocation } from '../command.ts'
import { dataFailure } from '../data-failure.ts'
import { describeData } from '../data-state.ts'
import { dataFolders } from '../data-folders.ts'
import type { DataFolder } from '../data-option.ts'
import { exitCodes, failure } from '../failure.ts'
import type { Output } from '../output.ts'
import { renderTable } from '../table.ts'

interface Options {
  readonly data: readonly DataFolder[] | undefined
  readonly samples: string | undefined
  readonly json: boolean
}

/** Images that `--samples` shows. */
const SAMPLES = 10

/** `optc data`. */
export async function run(invocation: Invocation<Options>): Promise<number> {
  const { operands, options, world, output } = invocation
  const [action, path] = operands
  if (operands.length > 2) throw failure('usage', 'one PATH is inspected at a time')
  if (action === undefined) {
    if (options.samples !== undefined || options.json)
      throw failure('usage', '--samples and --json are for `optc data inspect PATH`')
    const folders = dataFolders(options.data, world.cwd)
    output.print(
      NAMED_DATA.map((data) => describeData(data, output, folders.of(data.name))).join('\n'),
    )
    return exitCodes.done
  }
  if (action !== 'inspect')
    throw failure(
      'usage',
      `unknown word \`${action}\``,
      '`optc data inspect PATH` says what PATH holds',
    )
  if (path === undefined) throw failure('usage', 'inspect needs a PATH: a file or a folder')
  if (options.data !== undefined)
    throw failure(
      'usage',
      '--data is for the list of data sets',
      'inspect takes the folder as PATH',
    )
  const description = valueOf(await inspectData(resolve(world.cwd, path)))
  const { samples, ...facts } = description
  output.print(
    options.json
      ? `${JSON.stringify({ path, ...facts }, null, 2)}\n`
      : describe(path, facts, output),
  )
  if (options.samples !== undefined) {
    if (samples === undefined) throw failure('failed', `${path} holds no images to show`)
    const file = resolve(world.cwd, options.samples)
    if (!/\.png$/i.test(file)) throw failure('usage', '--samples takes a FILE that ends in .png')
    valueOf(await writeSampleSheet(file, valueOf(await samples(SAMPLES))))
    output.note(`wrote ${options.samples}`)
  }
  return exitCodes.done
}

function valueOf<T>(result: DataResult<T>): T {
  if (!result.ok) throw dataFailure(result.problem)
  return result.value
}

function describe(path: string, description: DataDescription, output: Output): string {
  const { kind, facts, arrays, columns, parts, classes } = description
  const { paint } = output
  const lines = [`${paint.bold(path)}: ${kind}`, ...facts.map((fact) => `  ${fact}`)]
  const names = Object.keys(parts ?? {})
  if (parts !== undefined && classes === undefined && names.length > 1)
    lines.push(`  ${names.map((name) => `${name} ${parts[name]}`).join(', ')}`)
  const tables: string[] = []
  if (arrays !== undefined)
    tables.push(
      renderTable(
        ['name', 'type', 'shape'],
        arrays.map(({ name, type, shape }) => [name, type, `[${shape.join(', ')}]`]),
        paint,
      ),
    )
  if (columns !== undefined) tables.push(columnTable(columns, output))
  if (classes !== undefined && parts !== undefined) {
    const rows = Object.entries(classes).map(([name, counts]) => [name, ...counts.map(String)])
    const totals = ['all', ...names.map((name) => String(parts[name]))]
    tables.push(renderTable(['class', ...names], [...rows, totals], paint, names))
  }
  return `${lines.join('\n')}\n${tables.map((table) => `\n${table}`).join('')}`
}

function columnTable(columns: readonly ColumnFacts[], { paint }: Output): string {
  return renderTable(
    ['column', 'holds', 'missing', 'values'],
    columns.map(({ name, kind, missing, values }) => [name, kind, String(missing), values]),
    paint,
    ['missing'],
  )
}

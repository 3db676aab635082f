import { resolve } from 'node:path'
import { DATA_SOURCES, loadData, locateData, type DataSource } from '../../../tasks/data-set.ts'
import type { DataProblem, DataResult } from '../../../tasks/data-file.ts'
import { PENN_TREEBANK, readWordText } from '../../../tasks/formats/word-text.ts'
import {
  IMAGE_SETS,
  listImageSet,
  recognizeImageSet,
  type ImageSet,
} from '../../../tasks/image-files/image-sets.ts'
import { writeSampleSheet } from '../../../tasks/image-files/sample-sheet.ts'
import type { ColumnFacts, DataDescription } from '../../../tasks/inspect/description.ts'
import { inspectData } from '../../../tasks/inspect/inspect-data.ts'
import type { Invocation } from '../command.ts'
import { dataFailure } from '../data-failure.ts'
import { exitCodes, failure } from '../failure.ts'
import type { Output } from '../output.ts'
import { renderTable } from '../table.ts'

interface Options {
  readonly data: string | undefined
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
    const directory = options.data === undefined ? undefined : resolve(world.cwd, options.data)
    output.print(listing(directory, output))
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
  if (parts !== undefined && classes === undefined)
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

/** Every data set that has a name, and where it is. */
function listing(directory: string | undefined, output: Output): string {
  return [
    ...DATA_SOURCES.map((source) => describeSource(source, directory, output)),
    ...IMAGE_SETS.map((set) => describeImageSet(set, directory, output)),
    describeWords(directory, output),
  ].join('\n')
}

const heading = ({ name, summary }: { name: string; summary: string }, { paint }: Output): string =>
  `${paint.bold(name)}: ${summary}`

const broken = ({ path, problem, expected, remedy }: DataProblem, { paint }: Output): string =>
  `  ${paint.red('broken')}: ${path} ${problem}; expected ${expected}\n  to get it: ${remedy}`

const missing = (why: string, remedy: string, { paint }: Output): string =>
  `  ${paint.yellow('missing')}: ${why}\n  to get it: ${remedy}`

function describeSource(source: DataSource, directory: string | undefined, output: Output): string {
  const given = directory !== undefined && locateData(source, directory).ok ? directory : undefined
  const place = locateData(source, given)
  const state = (): string => {
    if (!place.ok)
      return missing(`${place.problem.path} ${place.problem.problem}`, source.remedy, output)
    const loaded = loadData(source, given)
    if (!loaded.ok) return broken(loaded.problem, output)
    const { train, test } = loaded.value
    return `  ${output.paint.green('ready')}: ${place.value}, ${train.count} images to train on, ${test.count} to test`
  }
  return `${heading(source, output)}\n${state()}\n`
}

function describeImageSet(set: ImageSet, directory: string | undefined, output: Output): string {
  const state = (): string => {
    if (directory === undefined || recognizeImageSet(directory) !== set)
      return missing(`${directory ?? 'no folder'} holds no ${set.marks[0]}`, set.remedy, output)
    const listed = listImageSet(set, directory, 1)
    if (!listed.ok) return broken(listed.problem, output)
    const { train, validation, test } = listed.value
    return `  ${output.paint.green('ready')}: ${directory}, ${train.length} images to train on, ${validation.length} to validate, ${test.length} to test`
  }
  return `${heading(set, output)}\n${state()}\n`
}

function describeWords(directory: string | undefined, output: Output): string {
  const state = (): string => {
    const read = directory === undefined ? undefined : readWordText(PENN_TREEBANK, directory)
    if (read === undefined || (!read.ok && read.problem.problem === 'does not exist'))
      return missing(
        `${directory ?? 'no folder'} holds no ${PENN_TREEBANK.files.train}`,
        PENN_TREEBANK.remedy,
        output,
      )
    if (!read.ok) return broken(read.problem, output)
    const { train, validation, test } = read.value
    return `  ${output.paint.green('ready')}: ${directory}, ${train.length} words to train on, ${validation.length} to validate, ${test.length} to test`
  }
  return `${heading(PENN_TREEBANK, output)}\n${state()}\n`
}

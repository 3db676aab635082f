import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DATA_SOURCES, loadData, locateData, type DataSource } from '../../../tasks/data-set.ts'
import type { DataProblem, DataResult } from '../../../tasks/data-file.ts'
import {
  MEDMNIST_SETS,
  readMedMnistSet,
  type MedMnistSet,
} from '../../../tasks/formats/medmnist.ts'
import {
  IMAGE_SETS,
  listImageSet,
  recognizeImageSet,
  type ImageSet,
} from '../../../tasks/image-files/image-sets.ts'
import { writeSampleSheet } from '../../../tasks/image-files/sample-sheet.ts'
import type { ColumnFacts, DataDescription } from '../../../tasks/inspect/description.ts'
import { inspectData } from '../../../tasks/inspect/inspect-data.ts'
import { loadText, locateText, TEXT_SETS, type TextSet } from '../../../tasks/text-sets.ts'
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

/** A data set that has a name, and how to get it. */
interface Named {
  readonly name: string
  readonly summary: string
  readonly remedy: string
}

/** Where it is and how much it holds, why it is not there, or what is wrong with it. */
type State =
  { readonly ready: string } | { readonly missing: string } | { readonly broken: DataProblem }

/** Every data set that has a name, and where it is. */
function listing(directory: string | undefined, output: Output): string {
  const rows: readonly (readonly [Named, State])[] = [
    ...DATA_SOURCES.map((source) => [source, stateOfSource(source, directory)] as const),
    ...IMAGE_SETS.map((set) => [set, stateOfImages(set, directory)] as const),
    ...MEDMNIST_SETS.map((set) => [set, stateOfArchive(set, directory)] as const),
    ...TEXT_SETS.map((set) => [set, stateOfText(set, directory)] as const),
  ]
  return rows.map(([named, state]) => describeState(named, state, output)).join('\n')
}

function describeState({ name, summary, remedy }: Named, state: State, { paint }: Output): string {
  const lines = [`${paint.bold(name)}: ${summary}`]
  if ('ready' in state) lines.push(`  ${paint.green('ready')}: ${state.ready}`)
  else {
    lines.push(
      'missing' in state
        ? `  ${paint.yellow('missing')}: ${state.missing}`
        : `  ${paint.red('broken')}: ${state.broken.path} ${state.broken.problem}; expected ${state.broken.expected}`,
      `  to get it: ${remedy}`,
    )
  }
  return `${lines.join('\n')}\n`
}

function stateOfSource(source: DataSource, directory: string | undefined): State {
  const given = directory !== undefined && locateData(source, directory).ok ? directory : undefined
  const place = locateData(source, given)
  if (!place.ok) return { missing: `${place.problem.path} ${place.problem.problem}` }
  return stateOf(loadData(source, given), ({ train, test }) =>
    counted(place.value, 'images', train.count, test.count),
  )
}

function stateOfImages(set: ImageSet, directory: string | undefined): State {
  if (directory === undefined || recognizeImageSet(directory) !== set)
    return absent(directory, set.marks[0]!)
  return stateOf(listImageSet(set, directory, 1), ({ train, validation, test }) =>
    counted(directory, 'images', train.length, test.length, validation.length),
  )
}

function stateOfArchive(set: MedMnistSet, directory: string | undefined): State {
  const file = `${set.name}.npz`
  if (directory === undefined || !existsSync(join(directory, file))) return absent(directory, file)
  return stateOf(readMedMnistSet(set, directory), ({ train, validation, test }) =>
    counted(directory, 'images', train.count, test.count, validation.count),
  )
}

function stateOfText(set: TextSet, directory: string | undefined): State {
  const own = locateText(set, directory)
  const place = own.ok ? own : locateText(set)
  if (!place.ok) {
    const { path, problem } = own.ok ? place.problem : own.problem
    return { missing: `${path} ${problem}` }
  }
  return stateOf(loadText(set, 'words', place.value), ({ train, validation, test }) =>
    counted(place.value, 'words', train.length, test.length, validation.length),
  )
}

const absent = (directory: string | undefined, file: string): State => ({
  missing: directory === undefined ? 'no folder is given' : `${directory} holds no ${file}`,
})

function stateOf<T>(result: DataResult<T>, describe: (value: T) => string): State {
  return result.ok ? { ready: describe(result.value) } : { broken: result.problem }
}

function counted(
  directory: string,
  unit: string,
  train: number,
  test: number,
  validation = 0,
): string {
  const validated = validation === 0 ? '' : `${validation} to validate, `
  return `${directory}, ${train} ${unit} to train on, ${validated}${test} to test`
}

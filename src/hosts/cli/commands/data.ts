import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { dataFilePath, type DataProblem, type DataResult } from '../../../tasks/data-file.ts'
import { PENN_TREEBANK, readWordText } from '../../../tasks/formats/word-text.ts'
import {
  countParts,
  IMAGE_DATA,
  isMarkedAs,
  locateImageData,
  type ImageData,
} from '../../../tasks/image-data.ts'
import type { Part } from '../../../tasks/image-files/image-listing.ts'
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
    ...IMAGE_DATA.map((data) => [data, stateOfImages(data, directory)] as const),
    [PENN_TREEBANK, stateOfWords(directory)],
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

function stateOfImages(data: ImageData, directory: string | undefined): State {
  const isGiven =
    directory !== undefined && (isMarkedAs(data, directory) || data.directories.length === 0)
  if (!isGiven && data.directories.length === 0) return absent(directory, data.marks[0]![0]!)
  const place = locateImageData(data, isGiven ? directory : undefined)
  if (!place.ok) return { missing: `${place.problem.path} ${place.problem.problem}` }
  return stateOf(data.read(place.value), (found) =>
    counted(place.value, 'images', countParts(found)),
  )
}

function stateOfWords(directory: string | undefined): State {
  const file = PENN_TREEBANK.files.train
  if (directory === undefined || !existsSync(dataFilePath(directory, file)))
    return absent(directory, file)
  return stateOf(readWordText(PENN_TREEBANK, directory), ({ train, validation, test }) =>
    counted(directory, 'words', {
      train: train.length,
      validation: validation.length,
      test: test.length,
    }),
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
  { train, validation, test }: Readonly<Record<Part, number>>,
): string {
  const validated = validation === 0 ? '' : `${validation} to validate, `
  return `${directory}, ${train} ${unit} to train on, ${validated}${test} to test`
}

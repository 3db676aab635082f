import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { DataProblem, DataResult } from '../../tasks/data-file.ts'
import {
  countParts,
  IMAGE_DATA,
  isMarkedAs,
  locateImageData,
  type ImageData,
} from '../../tasks/image-data.ts'
import type { Part } from '../../tasks/image-files/image-listing.ts'
import { loadTable, TABLE_DATA, type TableData } from '../../tasks/table-data.ts'
import { loadText, locateText, TEXT_SETS, type TextSet } from '../../tasks/text-sets.ts'
import type { Output } from './output.ts'

/** A data set that has a name, and how to get it. */
export interface Named {
  readonly name: string
  readonly summary: string
  readonly remedy: string
  /** Reads and checks it: in the folder that is given, where it is there, else where it usually is. */
  readonly state: (directory?: string) => State
}

/** Where it is and how much it holds, why it is not there, or what is wrong with it. */
export type State =
  { readonly ready: string } | { readonly missing: string } | { readonly broken: DataProblem }

/** Every data set that has a name. */
export const NAMED_DATA: readonly Named[] = [
  ...IMAGE_DATA.map((data) => named(data, (directory) => stateOfImages(data, directory))),
  ...TABLE_DATA.map((data) => named(data, (directory) => stateOfTable(data, directory))),
  ...TEXT_SETS.map((set) => named(set, (directory) => stateOfText(set, directory))),
]

function named(
  { name, summary, remedy }: Omit<Named, 'state'>,
  state: (directory: string | undefined) => State,
): Named {
  return { name, summary, remedy, state: (directory) => state(directory) }
}

/** Its name, where it is, and how to get it where it is not. */
export function describeData(
  { name, summary, remedy, state: stateIn }: Named,
  { paint }: Output,
  directory?: string,
): string {
  const state = stateIn(directory)
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

function stateOfTable(data: TableData, directory: string | undefined): State {
  const isGiven = directory !== undefined && existsSync(join(directory, data.file))
  const place = isGiven ? directory : data.directory
  return stateOf(loadTable(data, place), ({ rows }) => `${place}, ${rows} rows`)
}

function stateOfText(set: TextSet, directory: string | undefined): State {
  const own = locateText(set, directory)
  const place = own.ok ? own : locateText(set)
  if (!place.ok) {
    const { path, problem } = own.ok ? place.problem : own.problem
    return { missing: `${path} ${problem}` }
  }
  return stateOf(loadText(set, 'words', place.value), ({ train, validation, test }) =>
    counted(place.value, 'words', {
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

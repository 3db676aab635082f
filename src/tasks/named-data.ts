import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { dataFilePath, type DataProblem, type DataResult } from './data-file.ts'
import {
  countParts,
  IMAGE_DATA,
  isMarkedAs,
  locateImageData,
  type ImageData,
} from './image-data.ts'
import type { Part } from './image-files/image-listing.ts'
import { loadTable, TABLE_DATA, type TableData } from './table-data.ts'
import { loadText, locateText, TEXT_SETS, type TextSet } from './text-sets.ts'

/** Where data is and how much it holds, why it is not there, or what is wrong with it. */
export type DataState =
  { readonly ready: string } | { readonly missing: string } | { readonly broken: DataProblem }

/** A data set that has a name, and how to get it. */
export interface NamedData {
  readonly name: string
  readonly summary: string
  readonly remedy: string
  /** Whether a folder seems to hold it. */
  readonly isIn: (directory: string) => boolean
  /** How it stands: in `directory`, or where it usually is when that is undefined or holds something else. */
  readonly stateIn: (directory: string | undefined) => DataState
}

/** Every data set that has a name. */
export const NAMED_DATA: readonly NamedData[] = [
  ...IMAGE_DATA.map(imageRow),
  ...TABLE_DATA.map(tableRow),
  ...TEXT_SETS.map(textRow),
]

/** The row of {@link NAMED_DATA} with that name. */
export function findNamedData(name: string): NamedData | undefined {
  return NAMED_DATA.find((data) => data.name === name)
}

function imageRow(data: ImageData): NamedData {
  const { name, summary, remedy, directories, marks } = data
  const isIn = (directory: string): boolean => locateImageData(data, directory).ok
  return {
    ...{ name, summary, remedy, isIn },
    stateIn: (directory) => {
      const isGiven =
        directory !== undefined && (isMarkedAs(data, directory) || directories.length === 0)
      if (!isGiven && directories.length === 0) return absent(directory, marks[0]![0]!)
      const place = locateImageData(data, isGiven ? directory : undefined)
      if (!place.ok) return { missing: `${place.problem.path} ${place.problem.problem}` }
      return stateOf(data.read(place.value), (found) =>
        counted(place.value, 'images', countParts(found)),
      )
    },
  }
}

function tableRow(data: TableData): NamedData {
  const { name, summary, remedy, file } = data
  const isIn = (directory: string): boolean => existsSync(join(directory, file))
  return {
    ...{ name, summary, remedy, isIn },
    stateIn: (directory) => {
      const place = directory !== undefined && isIn(directory) ? directory : data.directory
      return stateOf(loadTable(data, place), ({ rows }) => `${place}, ${rows} rows`)
    },
  }
}

function textRow(set: TextSet): NamedData {
  const { name, summary, remedy, files } = set
  return {
    ...{ name, summary, remedy },
    isIn: (directory) => existsSync(dataFilePath(directory, files.train)),
    stateIn: (directory) => {
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
    },
  }
}

const absent = (directory: string | undefined, file: string): DataState => ({
  missing: directory === undefined ? 'no folder is given' : `${directory} holds no ${file}`,
})

function stateOf<T>(result: DataResult<T>, describe: (value: T) => string): DataState {
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

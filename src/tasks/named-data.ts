import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { dataFilePath, type DataProblem, type DataResult } from './data-file.ts'
import { DATA_SOURCES, loadData, locateData, type DataSource } from './data-set.ts'
import { MEDMNIST_SETS, readMedMnistSet, type MedMnistSet } from './formats/medmnist.ts'
import { PENN_TREEBANK, readWordText, type WordSet } from './formats/word-text.ts'
import {
  IMAGE_SETS,
  listImageSet,
  recognizeImageSet,
  type ImageSet,
} from './image-files/image-sets.ts'

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
  ...DATA_SOURCES.map(sourceRow),
  ...IMAGE_SETS.map(imageRow),
  ...MEDMNIST_SETS.map(archiveRow),
  wordRow(PENN_TREEBANK),
]

/** The row of {@link NAMED_DATA} with that name. */
export function findNamedData(name: string): NamedData | undefined {
  return NAMED_DATA.find((data) => data.name === name)
}

function sourceRow(source: DataSource): NamedData {
  const { name, summary, remedy } = source
  const isIn = (directory: string): boolean => locateData(source, directory).ok
  return {
    ...{ name, summary, remedy, isIn },
    stateIn: (directory) => {
      const given = directory !== undefined && isIn(directory) ? directory : undefined
      const place = locateData(source, given)
      if (!place.ok) return { missing: `${place.problem.path} ${place.problem.problem}` }
      return stateOf(loadData(source, given), ({ train, test }) =>
        counted(place.value, 'images', train.count, test.count),
      )
    },
  }
}

function imageRow(set: ImageSet): NamedData {
  const { name, summary, remedy, marks } = set
  const isIn = (directory: string): boolean => recognizeImageSet(directory) === set
  return {
    ...{ name, summary, remedy, isIn },
    stateIn: whereIn(isIn, marks[0]!, (directory) =>
      stateOf(listImageSet(set, directory, 1), ({ train, validation, test }) =>
        counted(directory, 'images', train.length, test.length, validation.length),
      ),
    ),
  }
}

function archiveRow(set: MedMnistSet): NamedData {
  const { name, summary, remedy } = set
  const file = `${name}.npz`
  const isIn = (directory: string): boolean => existsSync(join(directory, file))
  return {
    ...{ name, summary, remedy, isIn },
    stateIn: whereIn(isIn, file, (directory) =>
      stateOf(readMedMnistSet(set, directory), ({ train, validation, test }) =>
        counted(directory, 'images', train.count, test.count, validation.count),
      ),
    ),
  }
}

function wordRow(set: WordSet): NamedData {
  const { name, summary, remedy, files } = set
  const isIn = (directory: string): boolean => existsSync(dataFilePath(directory, files.train))
  return {
    ...{ name, summary, remedy, isIn },
    stateIn: whereIn(isIn, files.train, (directory) =>
      stateOf(readWordText(set, directory), ({ train, validation, test }) =>
        counted(directory, 'words', train.length, test.length, validation.length),
      ),
    ),
  }
}

/** The state of what only a folder that is given can hold: `file` is what it lacks where it does not. */
function whereIn(
  isIn: NamedData['isIn'],
  file: string,
  stateThere: (directory: string) => DataState,
): NamedData['stateIn'] {
  return (directory) => {
    if (directory === undefined) return { missing: 'no folder is given' }
    return isIn(directory) ? stateThere(directory) : { missing: `${directory} holds no ${file}` }
  }
}

function stateOf<T>(result: DataResult<T>, describe: (value: T) => string): DataState {
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

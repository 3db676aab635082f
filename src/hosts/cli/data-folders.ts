import { resolve } from 'node:path'
import { nearest } from '../../diagnostics/suggest.ts'
import { findNamedData, NAMED_DATA } from '../../tasks/named-data.ts'
import { failure } from './failure.ts'
import type { DataFolder } from './data-option.ts'

/** The folders that --data names, as absolute paths. */
export interface DataFolders {
  /** For a data set: the folder given for it by name, else the one given for whatever is needed. */
  readonly of: (set: string | undefined) => string | undefined
  /** For one of several data sets: the folder without a name only where it holds it, or is that of `main`. */
  readonly beside: (main: string | undefined, set: string | undefined) => string | undefined
}

/** Throws a failure for a data set that there is not, and where two folders are given for one. */
export function dataFolders(given: readonly DataFolder[] = [], cwd: string): DataFolders {
  for (const [index, { set }] of given.entries()) {
    if (set !== undefined && findNamedData(set) === undefined) throw noSuchSet(set)
    if (given.findIndex((other) => other.set === set) < index)
      throw failure(
        'usage',
        `--data gives two folders${set === undefined ? '' : ` for ${set}`}`,
        'several data sets have their names: --data cifar10=DIR --data flowers102=DIR',
      )
  }
  const folderOf = (set: string | undefined): string | undefined => {
    const folder = given.find((each) => each.set === set)?.folder
    return folder === undefined ? undefined : resolve(cwd, folder)
  }
  const named = (set: string | undefined): string | undefined =>
    set === undefined ? undefined : folderOf(set)
  const unnamed = folderOf(undefined)
  return {
    of: (set) => named(set) ?? unnamed,
    beside: (main, set) => {
      const isShared = set !== undefined && set === main
      const isThere = unnamed !== undefined && findNamedData(set ?? '')?.isIn(unnamed) === true
      return named(set) ?? (isShared || isThere ? unnamed : undefined)
    },
  }
}

function noSuchSet(set: string): Error {
  const meant = nearest(
    set,
    NAMED_DATA.map(({ name }) => name),
  )
  return failure(
    'usage',
    `there is no data set ${set}`,
    meant === undefined
      ? `\`optc data\` lists them; a folder of that name is --data ./${set}=...`
      : `did you mean ${meant}?`,
  )
}

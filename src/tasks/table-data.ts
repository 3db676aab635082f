import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { DataResult } from './data-file.ts'
import { readTables, type JoinedTable } from './formats/csv.ts'
import { packageRoot } from './package-root.ts'

/** A table that has a name: one row of {@link TABLE_DATA}. */
export interface TableData {
  readonly name: string
  readonly summary: string
  /** How to get it. */
  readonly remedy: string
  /** The file in its folder. */
  readonly file: string
  readonly rows: number
  /** Where it usually is. */
  readonly directory: string
}

/** All tables that have a name. */
export const TABLE_DATA: readonly TableData[] = [
  {
    name: 'penguins',
    summary:
      '344 penguins near Palmer Station, measured (Horst, Hill and Gorman), carried with optc',
    remedy: 'optc carries this file; install it again to get it back',
    file: 'penguins.csv',
    rows: 344,
    directory: join(packageRoot(), 'src/tasks/data/penguins'),
  },
]

/** The row of {@link TABLE_DATA} with that name. */
export function findTableData(name: string): TableData | undefined {
  return TABLE_DATA.find((data) => data.name === name)
}

/** The table from its file in `directory`, or from where it usually is. Another number of rows is a problem. */
export function loadTable(
  { file, directory: usual, rows, name, remedy }: TableData,
  directory = usual,
): DataResult<JoinedTable> {
  const path = join(directory, file)
  const fail = (problem: string): DataResult<JoinedTable> => ({
    ok: false,
    problem: { path, problem, expected: `the ${rows} rows of ${name}`, remedy },
  })
  if (!existsSync(path)) return fail('does not exist')
  const read = readTables([path], true)
  return read.ok && read.value.rows !== rows ? fail(`holds ${read.value.rows} rows`) : read
}

import type { DataResult } from './data-file.ts'
import { openedExamples, type ExampleTask } from './example-task.ts'
import type { ExampleSets } from './examples.ts'
import type { Column, JoinedTable } from './formats/csv.ts'
import type { Part } from './image-files/image-listing.ts'
import { OBJECTIVES } from './networks/objectives/table.ts'
import { splitRows } from './split-rows.ts'
import { tableExamples } from './table-examples.ts'
import { loadTable, type TableData } from './table-data.ts'

/** The split of the rows: the same in every run. */
const SPLIT_SEED = 1
const SHARES = { validation: 0.2, test: 0.2 }

/** Tell one column of a table by the others. */
export type TableTaskRow = Pick<ExampleTask, 'name' | 'summary' | 'defaults' | 'network'> & {
  /** The column to be told; rows without it are left out. */
  readonly target: string
  /** How many classes it has; absent where it is a number. */
  readonly classes?: number
}

/** The row of a task on the table `data`. */
export function tableTask({ target, classes, ...row }: TableTaskRow, data: TableData): ExampleTask {
  const objective = classes === undefined ? OBJECTIVES.regression : OBJECTIVES.classification
  const task: ExampleTask = {
    ...row,
    group: 'tables',
    objective,
    ...(objective.metric && { metric: objective.metric }),
    ...(classes !== undefined && { chance: 1 / classes }),
    examples: 'rows',
    data: data.name,
    isFunction: false,
    open: async ({ directory } = {}) => {
      const table = loadTable(data, directory)
      if (!table.ok) return table
      const sets = examplesFor(table.value, target, classes === undefined ? 'numbers' : 'class')
      return sets.ok ? { ok: true, value: openedExamples(task, sets.value) } : sets
    },
  }
  return task
}

function examplesFor(
  table: JoinedTable,
  target: string,
  answers: 'class' | 'numbers',
): DataResult<ExampleSets> {
  const column = table.columns.find(({ name }) => name === target)
  const known = Array.from({ length: table.rows }, (_, row) => row).filter(
    (row) => column !== undefined && isKnown(column, row),
  )
  const values = known.map((row) => column?.values[row] ?? 0)
  const chosen = splitRows(
    known.length,
    SHARES,
    SPLIT_SEED,
    answers === 'class' ? values : undefined,
  )
  const rowsOf = (part: Part): readonly number[] => chosen[part].map((index) => known[index]!)
  const parts = {
    train: rowsOf('train'),
    validation: rowsOf('validation'),
    test: rowsOf('test'),
  }
  return tableExamples(table, parts, { target, answers })
}

const isKnown = ({ kind, values }: Column, row: number): boolean =>
  kind === 'numbers' ? !Number.isNaN(values[row]) : values[row]! >= 0

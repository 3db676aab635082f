import { z } from 'zod'
import { nearest } from '../../../../diagnostics/suggest.ts'
import { readTables } from '../../../formats/csv.ts'
import { tableExamples } from '../../../table-examples.ts'
import {
  givenParts,
  inMemory,
  ofPart,
  parted,
  text,
  type DataKind,
  type Parted,
} from '../data-kind.ts'
import { joinedRows } from '../joined-rows.ts'
import type { Field } from '../located-json.ts'

export interface CsvSpec {
  readonly kind: 'csv'
  readonly file: Parted<string>
  /** The column that is told, or several as numbers. */
  readonly target: string | readonly string[]
  /** What it is told by; all others when absent. */
  readonly columns?: readonly string[]
  /** Whether the first line names the columns; found out when absent. */
  readonly header?: boolean
  /** Whether numbers are scaled; true when absent. */
  readonly scale?: boolean
}

export const csv: DataKind<CsvSpec> = {
  summary:
    'a table: numbers are scaled, categories become columns of 0 and 1, empty cells are the mean',
  schema: z.strictObject({
    kind: z.literal('csv'),
    file: parted(text, 'the path of a file'),
    target: z.union([text, z.array(text).min(1).readonly()], {
      error: 'expected the name of a column, or a list of them',
    }),
    columns: z.array(text).min(1).readonly().exactOptional(),
    header: z.boolean().exactOptional(),
    scale: z.boolean().exactOptional(),
  }),
  example: { kind: 'csv', file: 'flowers.csv', target: 'species' },
  prepare: ({ file, target, columns, header, scale }, place) => {
    const parts = givenParts([file])
    const paths = parts.map((part) => {
      const own = ofPart(file, part, ['data', 'file'])!
      return place.file(own.value, own.field)
    })
    const table = place.valueOf(readTables(paths, header))
    const names = table.columns.map(({ name }) => name)
    const known = (name: string, field: Field): void => {
      if (names.includes(name)) return
      const meant = nearest(name, names)
      place.refuse(
        ['data', ...field],
        `the table has no column ${JSON.stringify(name)}`,
        meant === undefined
          ? `it has ${names.join(', ')}`
          : `did you mean ${JSON.stringify(meant)}?`,
      )
    }
    const isList = typeof target !== 'string'
    for (const [index, name] of [target].flat().entries())
      known(name, isList ? ['target', index] : ['target'])
    for (const [index, name] of (columns ?? []).entries()) {
      known(name, ['columns', index])
      if ([target].flat().includes(name))
        place.refuse(['data', 'columns', index], `${JSON.stringify(name)} is what is told`)
    }
    if (isList && place.answers === 'class')
      place.refuse(['data', 'target'], 'a class is one column; expected its name')
    const told =
      place.answers === 'class' ? table.columns[names.indexOf([target].flat()[0]!)] : undefined
    const counts = new Map(
      parts.map((part, index) => [part, table.files[index]!.lines.length] as const),
    )
    const rows = joinedRows(counts, place, told?.values)
    const sets = place.valueOf(
      tableExamples(table, rows, {
        target,
        answers: place.answers,
        ...(columns && { columns }),
        ...(scale !== undefined && { isScaled: scale }),
      }),
    )
    const [deviation, ...others] = sets.deviations ?? []
    return {
      ends: { input: sets.input, outputs: sets.outputs },
      examples: 'rows',
      isChangeable: false,
      ...(deviation !== undefined && others.length === 0 && { deviation }),
      open: inMemory(() => sets),
    }
  },
}

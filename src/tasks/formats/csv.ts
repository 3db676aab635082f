import { parse } from 'csv-parse/sync'
import type { DataResult } from '../data-file.ts'
import { damaged, readFormat, type FileFormat } from './byte-reader.ts'

/** Rows of cells with commas, semicolons or tabs between them (RFC 4180). */
export const CSV: FileFormat = {
  expected: 'rows with as many cells as the first, in UTF-8',
  remedy: 'mend the line, or put cells that hold the separator in double quotes',
}

/** A column of a table. */
export type Column =
  | {
      readonly kind: 'numbers'
      readonly name: string
      /** NaN where a cell is empty. */
      readonly values: Float64Array
    }
  | {
      readonly kind: 'categories'
      readonly name: string
      /** The different texts, sorted. */
      readonly categories: readonly string[]
      /** Positions in `categories`; -1 where a cell is empty. */
      readonly values: Int32Array
    }

/** A table in memory. */
export interface Table {
  readonly columns: readonly Column[]
  readonly rows: number
  /** Whether the first line names the columns. */
  readonly hasHeader: boolean
}

interface Row {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

/** Cells that mean a missing value, in lower case. */
const MISSING = ['', 'na', 'nan', 'null', '?']
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** One of the files of a table. */
export interface TableFile {
  readonly path: string
  /** For each of its rows the line that it ends in, from 1. */
  readonly lines: readonly number[]
}

/** A table with the files that its rows are from, in their order. */
export interface JoinedTable extends Table {
  readonly files: readonly TableFile[]
}

/**
 * Reads a table. The separator is the one of comma, semicolon and tab that the first line has most of. The first line names
 * the columns unless `hasHeader` says no or, where it is left out, a cell of it is a number. A column is one of numbers when all its cells that are
 * not empty are.
 */
export function readTable(path: string, hasHeader?: boolean): DataResult<Table> {
  const joined = readTables([path], hasHeader)
  if (!joined.ok) return joined
  const { files: _, ...value } = joined.value
  return { ok: true, value }
}

/** Reads files as one table, each as {@link readTable} does. They must have the same columns in the same order. */
export function readTables(paths: readonly string[], hasHeader?: boolean): DataResult<JoinedTable> {
  const read: RawTable[] = []
  for (const path of paths) {
    const raw = readFormat(path, CSV, (bytes) => rawTable(path, bytes, hasHeader))
    if (!raw.ok) return raw
    const [first = raw.value] = read
    const difference = differenceOf(raw.value, first)
    if (difference !== undefined)
      return {
        ok: false,
        problem: {
          path,
          problem: difference,
          expected: `the columns of ${first.path}`,
          remedy: 'give all files the same columns in the same order',
        },
      }
    read.push(raw.value)
  }
  const body = read.flatMap((raw) => raw.body)
  const { names = [], isNamed = false } = read[0] ?? {}
  return {
    ok: true,
    value: {
      columns: names.map((name, index) =>
        readColumn(
          name,
          body.map(({ record }) => record[index]!),
        ),
      ),
      rows: body.length,
      hasHeader: isNamed,
      files: read.map((raw) => ({
        path: raw.path,
        lines: raw.body.map(({ info }) => info.lines),
      })),
    },
  }
}

/** The rows of one file, their cells as they are. */
interface RawTable {
  readonly path: string
  readonly names: readonly string[]
  readonly isNamed: boolean
  readonly body: readonly Row[]
}

function rawTable(path: string, bytes: Uint8Array, hasHeader: boolean | undefined): RawTable {
  const rows = parseRows(decodeText(bytes))
  const [first, ...others] = rows
  if (first === undefined) return damaged('holds no rows')
  const isNamed = hasHeader ?? !first.record.some((cell) => NUMBER.test(cell))
  const width = first.record.length
  const uneven = others.find(({ record }) => record.length !== width)
  if (uneven !== undefined)
    return damaged(
      `has ${uneven.record.length} cells in line ${uneven.info.lines}, where line ${first.info.lines} has ${width}`,
    )
  const body = isNamed ? others : rows
  if (body.length === 0) return damaged('holds a header and no rows')
  const names = first.record.map((cell, index) => (isNamed ? cell : `column ${index + 1}`))
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    return damaged(`names two columns ${JSON.stringify(twice)} in line ${first.info.lines}`)
  return { path, names, isNamed, body }
}

/** What `other` has that `first` has not, as a sentence fragment. */
function differenceOf(other: RawTable, first: RawTable): string | undefined {
  if (other.names.length !== first.names.length)
    return `has ${other.names.length} columns, not ${first.names.length}`
  const index = other.names.findIndex((name, at) => name !== first.names[at])
  return index < 0
    ? undefined
    : `calls column ${index + 1} ${JSON.stringify(other.names[index])}, not ${JSON.stringify(first.names[index])}`
}

/** The text of a file in UTF-8. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return damaged('is not UTF-8 text')
  }
}

function parseRows(text: string): readonly Row[] {
  const line = /^[^\r\n]*/.exec(text)![0]
  const count = (separator: string): number => line.split(separator).length
  const delimiter = [',', ';', '\t'].reduce((best, other) =>
    count(other) > count(best) ? other : best,
  )
  try {
    return parse(text, {
      delimiter,
      info: true,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as readonly Row[]
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    const at = 'lines' in error ? ` in line ${String(error.lines)}` : ''
    return damaged(`cannot be read${at}: ${error.message}`)
  }
}

function readColumn(name: string, cells: readonly string[]): Column {
  const present = cells.filter((cell) => !MISSING.includes(cell.toLowerCase()))
  if (present.every((cell) => NUMBER.test(cell))) {
    const known = (cell: string): number => (NUMBER.test(cell) ? Number(cell) : NaN)
    return { kind: 'numbers', name, values: Float64Array.from(cells, known) }
  }
  const categories = [...new Set(present)].sort()
  const positions = new Map(categories.map((category, index) => [category, index]))
  const values = Int32Array.from(cells, (cell) => positions.get(cell) ?? -1)
  return { kind: 'categories', name, categories, values }
}

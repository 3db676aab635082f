import type { DataProblem, DataResult } from './data-file.ts'
import { examplesOf, type ExampleSets } from './examples.ts'
import type { Column, JoinedTable } from './formats/csv.ts'
import { PARTS, type Part } from './image-files/image-listing.ts'
import { scalingOf, standardized, type Scaling } from './scaling.ts'

/** What is learned from a table, and what is to be told of a row. */
export interface TableRoles {
  /** The column that is to be told; several of them only as numbers. */
  readonly target: string | readonly string[]
  /** Whether it is one class for each row or numbers. */
  readonly answers: 'class' | 'numbers'
  /** What it is told by; all columns but the targets when absent. */
  readonly columns?: readonly string[]
  /** Whether numbers, targets among them, are scaled to mean 0 and deviation 1 over the training part; true when absent. */
  readonly isScaled?: boolean
}

/** The rows of a table as examples. */
export interface TableExamples extends ExampleSets {
  /** What each number of an example is: `age`, `age is missing`, `job=clerk`. */
  readonly features: readonly string[]
  /** Names by class number; absent where numbers are told. */
  readonly classes?: readonly string[]
  /** What the numbers that are told were divided by, one a target; absent where classes are told. */
  readonly deviations?: readonly number[]
}

/** Most numbers that the examples of a table may have together: 2 GiB. */
const MOST_NUMBERS = 2 ** 29
/** More different texts than that are names, not categories. */
const MOST_CATEGORIES = 1000

/**
 * The rows of `parts` as examples of numbers: numbers scaled, an empty cell as the mean, with a column that says so where the training
 * part has some; a category as one column of 0 and 1 for each that the training part has. Columns that `roles` name must be there; a
 * RangeError says so.
 */
export function tableExamples(
  table: JoinedTable,
  parts: Readonly<Record<Part, readonly number[]>>,
  roles: TableRoles,
): DataResult<TableExamples> {
  const targets = [roles.target].flat().map((name) => columnOf(table, name))
  const given = roles.columns?.map((name) => columnOf(table, name))
  const columns = given ?? table.columns.filter((column) => !targets.includes(column))
  const crowded = columns.find(
    (column) => column.kind === 'categories' && column.categories.length > MOST_CATEGORIES,
  )
  if (crowded?.kind === 'categories')
    return problemOf(
      table,
      `has ${crowded.categories.length} different texts in the column ${quoted(crowded.name)}`,
      `numbers, or at most ${MOST_CATEGORIES} categories`,
      'leave the column out of what is learned from',
    )
  const encoders = columns.flatMap((column) =>
    encodersOf(column, parts.train, roles.isScaled ?? true),
  )
  const width = encoders.length
  if (width === 0 || table.rows * width > MOST_NUMBERS)
    return problemOf(
      table,
      `gives ${table.rows} rows of ${width} numbers`,
      `at least one, and at most ${MOST_NUMBERS} together`,
      width === 0 ? 'name columns that are not empty' : 'leave rows or columns out',
    )
  const answers = answersOf(table, targets, parts, roles)
  if (!answers.ok) return answers
  const partOf = (part: Part) => {
    const values = new Float32Array(parts[part].length * width)
    for (const [position, row] of parts[part].entries())
      for (const [column, { of }] of encoders.entries()) values[position * width + column] = of(row)
    return examplesOf(values, [width], answers.value.of(parts[part]))
  }
  const { classes, deviations } = answers.value
  return {
    ok: true,
    value: {
      input: [width],
      outputs: classes?.length ?? targets.length,
      train: partOf('train'),
      validation: partOf('validation'),
      test: partOf('test'),
      features: encoders.map(({ name }) => name),
      ...(classes && { classes }),
      ...(deviations && { deviations }),
    },
  }
}

function columnOf({ columns }: JoinedTable, name: string): Column {
  const found = columns.find((column) => column.name === name)
  if (found === undefined) throw new RangeError(`there is no column ${quoted(name)}`)
  return found
}

/** One number of an example, from a row of the table. */
interface Encoder {
  readonly name: string
  readonly of: (row: number) => number
}

function encodersOf(
  column: Column,
  train: readonly number[],
  isScaled: boolean,
): readonly Encoder[] {
  const { name, values } = column
  if (column.kind === 'categories') {
    const seen = new Set(train.map((row) => values[row]!))
    return column.categories.flatMap((category, index) =>
      seen.has(index)
        ? [{ name: `${name}=${category}`, of: (row: number) => Number(values[row] === index) }]
        : [],
    )
  }
  const known = train.map((row) => values[row]!)
  const { means, deviations } = scalingOf(known, 1)
  const [mean, deviation] = isScaled ? [means[0]!, deviations[0]!] : [0, 1]
  const missing = Number.isNaN
  return [
    {
      name,
      of: (row) => ((missing(values[row]) ? means[0]! : values[row]!) - mean) / deviation,
    },
    ...(known.some(missing)
      ? [{ name: `${name} is missing`, of: (row: number) => Number(missing(values[row])) }]
      : []),
  ]
}

/** What is to be told of rows. */
interface Answers {
  readonly classes?: readonly string[]
  readonly deviations?: readonly number[]
  readonly of: (rows: readonly number[]) => ArrayLike<number>
}

function answersOf(
  table: JoinedTable,
  targets: readonly Column[],
  parts: Readonly<Record<Part, readonly number[]>>,
  { answers, isScaled = true }: TableRoles,
): DataResult<Answers> {
  const rows = PARTS.flatMap((part) => parts[part])
  for (const { name, kind, values } of targets) {
    const empty = rows.find((row) =>
      kind === 'numbers' ? Number.isNaN(values[row]) : values[row]! < 0,
    )
    if (empty !== undefined)
      return problemAt(
        table,
        empty,
        `has no ${quoted(name)}`,
        'a value to tell in every row',
        'fill the cell or leave the row out',
      )
  }
  if (answers === 'class') return classesOf(table, targets[0]!, parts)
  const text = targets.find(({ kind }) => kind === 'categories')
  if (text?.kind === 'categories')
    return problemAt(
      table,
      text.values.findIndex((value) => value >= 0),
      `has text in the column ${quoted(text.name)}`,
      'numbers to tell',
      'tell classes of it by the objective "classification"',
    )
  const tuples = (some: readonly number[]): number[] =>
    some.flatMap((row) => targets.map(({ values }) => values[row]!))
  const scaling: Scaling = isScaled
    ? scalingOf(tuples(parts.train), targets.length)
    : {
        means: new Float64Array(targets.length),
        deviations: new Float64Array(targets.length).fill(1),
      }
  return {
    ok: true,
    value: {
      deviations: [...scaling.deviations],
      of: (some) => standardized(tuples(some), scaling),
    },
  }
}

/** Classes by the texts or whole numbers of a column, sorted. The training part has to have all of them. */
function classesOf(
  table: JoinedTable,
  column: Column,
  parts: Readonly<Record<Part, readonly number[]>>,
): DataResult<Answers> {
  const { name, values } = column
  const named = (value: number): string =>
    column.kind === 'categories' ? column.categories[value]! : String(value)
  const fraction =
    column.kind === 'numbers' ? values.findIndex((value) => !Number.isInteger(value)) : -1
  if (fraction >= 0)
    return problemAt(
      table,
      fraction,
      `has ${values[fraction]} as ${quoted(name)}`,
      'whole numbers or texts as classes',
      'tell numbers by the objective "regression"',
    )
  const seen = [...new Set(parts.train.map((row) => values[row]!))].sort((a, b) => a - b)
  const numbers = new Map(seen.map((value, index) => [value, index]))
  const strange = [...parts.validation, ...parts.test].find((row) => !numbers.has(values[row]!))
  if (strange !== undefined)
    return problemAt(
      table,
      strange,
      `has the class ${quoted(named(values[strange]!))}`,
      `one that rows to train on have: ${seen.map(named).join(', ')}`,
      'leave such rows out, or let more of them train',
    )
  if (seen.length < 2 || seen.length > MOST_CATEGORIES)
    return problemOf(
      table,
      `has ${seen.length} different values of ${quoted(name)} in the rows to train on`,
      `from 2 to ${MOST_CATEGORIES} classes`,
      'name another column as the target',
    )
  return {
    ok: true,
    value: {
      classes: seen.map(named),
      of: (some) => some.map((row) => numbers.get(values[row]!)!),
    },
  }
}

const quoted = (name: string): string => JSON.stringify(name)

type Problem = { readonly ok: false; readonly problem: DataProblem }

/** A problem of all of a table. */
function problemOf(
  { files }: JoinedTable,
  problem: string,
  expected: string,
  remedy: string,
): Problem {
  const path = files.map((file) => file.path).join(', ')
  return { ok: false, problem: { path, problem, expected, remedy } }
}

/** A problem of one row, with its file and the line. */
function problemAt(
  { files }: JoinedTable,
  row: number,
  problem: string,
  expected: string,
  remedy: string,
): Problem {
  let before = 0
  for (const { path, lines } of files) {
    const line = lines[row - before]
    if (line !== undefined)
      return {
        ok: false,
        problem: { path, problem: `${problem} in line ${line}`, expected, remedy },
      }
    before += lines.length
  }
  throw new RangeError(`there is no row ${row}`)
}

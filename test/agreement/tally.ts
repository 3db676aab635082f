import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('./deviations/', import.meta.url))

/** How near the numbers of a target are to the evaluator's. */
export interface Deviations {
  /** How many numbers were compared after single steps. */
  readonly numbers: number
  /** How many of them are not the evaluator's. */
  readonly others: number
  /** The largest part of what the rows' tolerances allow that is taken by one of them. */
  readonly part: number
  /** The largest distance in a whole run, in parts of the parameter's largest weight. */
  readonly run?: number
  /** How many random numbers were compared to the bit. */
  readonly draws?: number
}

/** What notes how near numbers are. */
export interface Tally {
  noteStep(numbers: number, others: number): void
  notePart(part: number): void
  noteRun(distance: number): void
  noteDraws(count: number): void
  /** Writes what was noted as that of the column. */
  record(): void
}

/** A tally for a column of the table, where tests write what they find (UPDATE=1). */
export function startTally(column: string): Tally | undefined {
  if (process.env['UPDATE'] !== '1') return undefined
  let found: Deviations = { numbers: 0, others: 0, part: 0 }
  return {
    noteStep: (numbers, others) => {
      found = { ...found, numbers: found.numbers + numbers, others: found.others + others }
    },
    notePart: (part) => {
      if (part > found.part) found = { ...found, part }
    },
    noteRun: (distance) => {
      if (distance > (found.run ?? -1)) found = { ...found, run: distance }
    },
    noteDraws: (count) => {
      found = { ...found, draws: (found.draws ?? 0) + count }
    },
    record: () => {
      mkdirSync(FOLDER, { recursive: true })
      writeFileSync(`${FOLDER}${column}.json`, `${JSON.stringify(found, null, 2)}\n`)
    },
  }
}

/** What was recorded, by column. */
export function recorded(): ReadonlyMap<string, Deviations> {
  const files = readdirSync(FOLDER).sort()
  return new Map(
    files.map((file) => [
      file.replace('.json', ''),
      JSON.parse(readFileSync(FOLDER + file, 'utf8')) as Deviations,
    ]),
  )
}

import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
} from 'node:fs'
import { join } from 'node:path'
import { readJournal, writeEntry, type Entry } from '../../../evolve/journal.ts'
import { placesOf } from '../../../tasks/protocol.ts'
import { failure } from '../failure.ts'
import { shellWord } from '../shell-word.ts'
import { orFail } from '../sources.ts'
import { writeFile } from '../write.ts'
import type { RunConfiguration } from './configuration-schema.ts'
import { EVALUATIONS, openEvaluationLog, type EvaluationLog } from './evaluation-log.ts'
import { differenceOf } from './entry-difference.ts'
import { LOCK, lockRun } from './run-lock.ts'
import { untilFailure, type Guard } from './until-failure.ts'

/** The folder of one search: its journal, its evaluations, its candidates and what came of it. */
export interface RunFolder {
  /** What an earlier process wrote, the journal's first line apart. */
  readonly past: readonly Entry[]
  /**
   * The next entry; whether an earlier process wrote it already. Throws a failure when that process wrote another one, or the
   * file cannot be written.
   */
  readonly write: (entry: Entry) => boolean
  readonly writeText: (name: string, text: string) => void
  readonly evaluations: EvaluationLog
  /** Lets other processes work on the run. */
  readonly close: () => void
}

type Configuration = Readonly<Record<string, unknown>>

/** The journal's name in its run folder. */
export const JOURNAL = 'journal.jsonl'
/** How every journal begins. */
const BEGINNING = '{"kind":"run",'

/** A journal as it stands in a run folder. */
export interface RunJournal {
  readonly version: string
  readonly configuration: Configuration
  readonly journal: readonly Entry[]
  /** All lines but the first, as they were written. */
  readonly lines: readonly string[]
  /** Bytes that hold whole lines. */
  readonly length: number
}

/** The journal of a run. Throws a failure when `location` holds no run or its journal is damaged. */
export function readRun(location: string, shown: string): RunJournal {
  const text = readText(location, shown)
  const { entries, length, problem } = readJournal(text)
  const [first] = entries
  if (first?.kind !== 'run')
    throw failure(
      'failed',
      `${shown} is no run of optc evolve: its ${JOURNAL} does not begin with a configuration`,
      'nothing was changed',
    )
  if (problem !== undefined)
    throw failure(
      'failed',
      `${shown}/${JOURNAL} is damaged: ${problem}`,
      'nothing was changed; without the lines from there on, `optc evolve --resume` makes them again',
    )
  const whole = text.slice(0, length)
  return {
    version: first.version,
    configuration: first.configuration,
    journal: entries,
    lines: whole.split('\n').slice(1, -1),
    length: Buffer.byteLength(whole),
  }
}

/**
 * Starts a run in a new or empty folder, or in one that a process was killed in before it had begun. Throws a failure when
 * something else is there.
 */
export function createRunFolder(
  location: string,
  shown: string,
  version: string,
  configuration: Configuration,
): RunFolder {
  if (existsSync(location) && !statSync(location).isDirectory())
    throw failure('usage', `${shown} is not a folder`, 'give another --out DIR')
  if (existsSync(location) && !isUnused(location, shown))
    throw failure(
      'usage',
      `${shown} exists and is not empty`,
      existsSync(join(location, JOURNAL))
        ? `go on with it: --resume ${shellWord(shown)}`
        : 'give another --out DIR',
    )
  orFail(`cannot make the folder ${shown}`, () => mkdirSync(location, { recursive: true }))
  return openFolder(
    location,
    shown,
    () => {
      // Another process may have begun one since.
      if (!isUnused(location, shown))
        throw failure('usage', `${shown} exists and is not empty`, 'give another --out DIR')
      return { past: [], lines: [], length: 0, configuration }
    },
    ({ write }) => {
      write({ kind: 'run', version, configuration })
    },
  )
}

/** Whether nothing is there but the lock and the torn first line of a process that was killed when it began. */
function isUnused(location: string, shown: string): boolean {
  const names = orFail(`cannot read the folder ${shown}`, () => readdirSync(location))
  if (names.some((name) => name !== LOCK && name !== JOURNAL)) return false
  if (!names.includes(JOURNAL)) return true
  const text = orFail(`cannot read ${shown}/${JOURNAL}`, () =>
    readFileSync(join(location, JOURNAL), 'utf8'),
  )
  return !text.includes('\n') && (text.startsWith(BEGINNING) || BEGINNING.startsWith(text))
}

/** Opens a run to go on with it; a torn last line is cut off. Throws a failure when that is impossible, and changes nothing then. */
export function resumeRunFolder(location: string, shown: string, version: string): RunFolder {
  const run = readRun(location, shown)
  refuseVersion(run, shown, version)
  return openFolder(location, shown, () => {
    // Once more: another process may have gone on with it until it was locked.
    const { journal, lines, length, configuration } = readRun(location, shown)
    return { past: journal.slice(1), lines, length, configuration }
  })
}

/** Throws a failure when another version began the run. */
export function refuseVersion(run: RunJournal, shown: string, version: string): void {
  if (run.version === version) return
  throw failure(
    'failed',
    `${shown} was begun with optc ${run.version}, this is ${version}: the same rules may get other scores`,
    'go on with the version it was begun with',
  )
}

function readText(location: string, shown: string): string {
  if (!existsSync(location))
    throw failure(
      'failed',
      `there is no folder ${shown}`,
      'a run is a folder that optc evolve made',
    )
  return orFail(
    `${shown} is no run of optc evolve: ${JOURNAL}`,
    () => readFileSync(join(location, JOURNAL), 'utf8'),
    'nothing was changed',
  )
}

/** A journal to write after. */
interface Beginning {
  readonly configuration: Configuration
  readonly past: readonly Entry[]
  readonly lines: readonly string[]
  /** Bytes that hold the lines, the first one among them. */
  readonly length: number
}

/**
 * Takes the folder, cuts its journal to the lines that `read` finds, and begins with it; gives it back when that fails.
 */
function openFolder(
  location: string,
  shown: string,
  read: () => Beginning,
  begin: (folder: RunFolder) => void = () => undefined,
): RunFolder {
  const close = lockRun(location, shown)
  try {
    const { past, lines, length, configuration } = read()
    const guard = untilFailure()
    const folder: RunFolder = {
      past,
      close,
      evaluations: openEvaluationLog(location, shown, guard, taskFilesOf(configuration)),
      write: createWriter(location, shown, lines, guard),
      writeText: (name, text) =>
        writeFile(
          join(location, name),
          text,
          `${shown}/${name}`,
          `when that is mended: optc evolve --resume ${shellWord(shown)}`,
        ),
    }
    const journal = join(location, JOURNAL)
    if (existsSync(journal))
      orFail(`cannot write ${shown}/${JOURNAL}`, () => truncateSync(journal, length))
    begin(folder)
    return folder
  } catch (error) {
    close()
    throw error
  }
}

/** The files of the task that a surrogate is trained on. */
function taskFilesOf(configuration: Configuration): (surrogate: string) => unknown {
  const { judging, taskFiles, otherTasks = [] } = configuration as Partial<RunConfiguration>
  const others = new Map(otherTasks.map((other) => [other.task, other.taskFiles]))
  const places = judging === undefined ? [] : placesOf(judging)
  return (name) => {
    const task = places.find(({ surrogate }) => surrogate.name === name)?.task
    return task === undefined ? taskFiles : others.get(task)
  }
}

/** Writes after the `lines` that are there, which must come again first. */
function createWriter(
  location: string,
  shown: string,
  lines: readonly string[],
  guard: Guard,
): RunFolder['write'] {
  const journal = join(location, JOURNAL)
  let position = 0
  return (entry) =>
    guard(() => {
      const written = writeEntry(entry)
      const recorded = lines[position]
      if (recorded !== undefined) {
        if (written !== `${recorded}\n`)
          throw failure(
            'failed',
            `line ${position + 2} of ${shown}/${JOURNAL} is not what its configuration and ${EVALUATIONS} give${differenceOf(recorded, entry)}`,
            `one of the two files was changed; nothing was written. If it was the journal, delete its lines from there on; if it was ${EVALUATIONS}, delete that file: what it held is trained again`,
          )
        position += 1
        return true
      }
      orFail(
        `cannot write ${shown}/${JOURNAL}`,
        () => appendFileSync(journal, written),
        `when that is mended: optc evolve --resume ${shellWord(shown)}`,
      )
      return false
    })
}

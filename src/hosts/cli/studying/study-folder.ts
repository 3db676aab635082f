import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { describeIssue } from '../../../tasks/protocol-file.ts'
import { openEvaluationLog, type EvaluationLog } from '../evolving/evaluation-log.ts'
import { LOCK, lockRun } from '../evolving/run-lock.ts'
import { untilFailure } from '../evolving/until-failure.ts'
import { failure } from '../failure.ts'
import { packageVersion } from '../package.ts'
import { shellWord } from '../shell-word.ts'
import { orFail } from '../sources.ts'
import { writeFile } from '../write.ts'
import type { StudyTask } from './study-task.ts'

/** The folder of one study: what it is, its evaluations by task, and what came of it. */
export interface StudyFolder {
  /** The evaluations on one of the study's tasks. */
  readonly evaluationsOn: (task: StudyTask) => EvaluationLog
  readonly writeText: (name: string, text: string) => void
  /** Lets other processes work on the study. */
  readonly close: () => void
}

/** The file that says what a study is: written first, and never changed. */
const STUDY = 'study.json'

/** The first field of {@link STUDY}. */
const MARK = 'study'

/** The folder of a study on disk. */
export interface StudyPlace {
  readonly location: string
  /** How it is called. */
  readonly shown: string
  /** The command that goes on with it. */
  readonly command: string
}

/** The place of a study, which `command` goes on with: `optc study`. */
export function studyPlace(location: string, shown: string, command: string): StudyPlace {
  return { location, shown, command: `${command} --resume ${shellWord(shown)}` }
}

/** Begins a study in a new or empty folder. Throws a failure when something else is there. */
export function createStudyFolder(
  place: StudyPlace,
  what: string,
  configuration: object,
): StudyFolder {
  const { location, shown } = place
  if (existsSync(location) && !statSync(location).isDirectory())
    throw failure('usage', `${shown} is not a folder`, 'give another --out DIR')
  orFail(`cannot make the folder ${shown}`, () => mkdirSync(location, { recursive: true }))
  const folder = openFolder(place)
  try {
    const others = orFail(`cannot read the folder ${shown}`, () => readdirSync(location)).filter(
      (name) => name !== LOCK,
    )
    if (others.length > 0)
      throw failure(
        'usage',
        `${shown} exists and is not empty`,
        others.includes(STUDY) ? `go on with it: ${place.command}` : 'give another --out DIR',
      )
    const content = { optc: MARK, what, version: packageVersion(), configuration }
    folder.writeText(STUDY, `${JSON.stringify(content, undefined, 2)}\n`)
    return folder
  } catch (error) {
    folder.close()
    throw error
  }
}

/** Goes on with a study that was read. Throws a failure when another process works on it. */
export function openFolder({ location, shown, command }: StudyPlace): StudyFolder {
  const close = lockRun(location, shown)
  const guard = untilFailure()
  return {
    close,
    evaluationsOn: ({ name, files }) => {
      const below = name.replaceAll(/[^\w-]+/g, '-').replace(/^-+/, '')
      const own = join(location, 'evaluations', below)
      const shownOwn = `${shown}/evaluations/${below}`
      orFail(`cannot make the folder ${shownOwn}`, () => mkdirSync(own, { recursive: true }))
      return openEvaluationLog(own, shownOwn, guard, () => files, command)
    },
    writeText: (name, text) =>
      writeFile(join(location, name), text, `${shown}/${name}`, `when that is mended: ${command}`),
  }
}

/**
 * The configuration of a study as `schema` reads it; `kinds` are those that the command goes on with. Throws a failure when there is none, another version
 * began it, or a field is damaged.
 */
export function readStudy(
  { location, shown }: StudyPlace,
  kinds: readonly string[],
): { readonly what: string; readonly configuration: unknown } {
  const path = join(location, STUDY)
  const none = (): Error =>
    failure('failed', `${shown} is no study that this command began`, 'nothing was changed')
  if (!existsSync(path)) throw none()
  const text = orFail(`cannot read ${shown}/${STUDY}`, () => readFileSync(path, 'utf8'))
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    throw damaged(shown, 'it is no JSON')
  }
  const { data } = head.safeParse(content)
  if (data === undefined || !kinds.includes(data.what)) throw none()
  if (data.version !== packageVersion())
    throw failure(
      'failed',
      `${shown} was begun with optc ${data.version}, this is ${packageVersion()}: the same rules may get other scores`,
      'go on with the version it was begun with',
    )
  return data
}

const head = z.object({
  optc: z.literal(MARK),
  what: z.string(),
  version: z.string(),
  configuration: z.unknown(),
})

/** A configuration that was read, as `schema` has it. Throws a failure that names the first field that is none. */
export function checkedConfiguration<T>(
  configuration: unknown,
  schema: z.ZodType<T>,
  { shown }: StudyPlace,
): T {
  const { data, error } = schema.safeParse(configuration)
  const [issue] = error?.issues ?? []
  if (issue !== undefined) throw damaged(shown, describeIssue(issue, 'its fields'))
  return data as T
}

const damaged = (shown: string, problem: string): Error =>
  failure('failed', `${shown}/${STUDY} is damaged: ${problem}`, 'nothing was changed')

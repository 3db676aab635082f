import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Fitness, FitnessRequest } from '../../../evolve/fitness.ts'
import { fitnessSchema } from '../../../evolve/journal.ts'
import { failure, type Failure } from '../failure.ts'
import { shellWord } from '../shell-word.ts'
import { orFail } from '../sources.ts'
import type { Guard } from './until-failure.ts'

/** The file of a run folder that every evaluation is in as soon as it is done, in whatever order that is. */
export const EVALUATIONS = 'evaluations.jsonl'

/** Evaluations that are done: whatever happens to the process, none of them is made again. */
export interface EvaluationLog {
  /**
   * What a request was answered with before, or is being answered with; else what `judge` answers, which is kept with the
   * minutes that the run has taken. `news` says whether this process asks for the first time, and `recalled` whether an
   * earlier process had the answer. Rejects when an answer cannot be kept.
   */
  readonly judge: (
    request: FitnessRequest,
    judge: (request: FitnessRequest) => Promise<Fitness>,
    minutes: () => number,
  ) => Promise<{ readonly fitness: Fitness; readonly news: boolean; readonly recalled: boolean }>
  /** Minutes that earlier processes of the run had taken at their last evaluation. */
  readonly minutes: number
}

const lineSchema = z.object({ key: z.string(), minutes: z.number(), fitness: fitnessSchema })

/**
 * The log of a run folder, which writes with `guard`; a torn last line is cut off. What `taskFilesOf` gives for a surrogate whose task
 * is a module is part of the key: an evaluation says nothing of a task that has changed. `goOn` is the command that goes on with
 * the run. Throws a failure that names the line when another one cannot be read, or two contradict each other.
 */
export function openEvaluationLog(
  location: string,
  shown: string,
  guard: Guard,
  taskFilesOf: (surrogate: string) => unknown,
  goOn = `optc evolve --resume ${shellWord(shown)}`,
): EvaluationLog {
  const path = join(location, EVALUATIONS)
  const known = new Map<string, { readonly number: number; readonly fitness: Fitness }>()
  const answers = new Map<string, Promise<Fitness>>()
  let minutes = 0
  let whole = 0
  const text = existsSync(path)
    ? orFail(`cannot read ${shown}/${EVALUATIONS}`, () => readFileSync(path, 'utf8'))
    : ''
  const damaged = (problem: string): Failure =>
    failure(
      'failed',
      `${shown}/${EVALUATIONS} is damaged: ${problem}`,
      'delete that line; what it held is evaluated again',
    )
  for (let number = 1; text.includes('\n', whole); number++) {
    const end = text.indexOf('\n', whole)
    const line = readLine(text.slice(whole, end))
    if (line === undefined) throw damaged(`line ${number} is no evaluation`)
    const { key, fitness } = line
    const before = known.get(key)
    if (before !== undefined && JSON.stringify(before.fitness) !== JSON.stringify(fitness))
      throw damaged(
        `line ${number} says something else of the rule of line ${before.number}: one of them is wrong`,
      )
    known.set(key, before ?? { number, fitness })
    minutes = Math.max(minutes, line.minutes)
    whole = end + 1
  }
  if (whole < text.length)
    orFail(`cannot write ${shown}/${EVALUATIONS}`, () =>
      truncateSync(path, Buffer.byteLength(text.slice(0, whole))),
    )
  const append = (line: Line): void =>
    orFail(
      `cannot write ${shown}/${EVALUATIONS}`,
      () => appendFileSync(path, `${JSON.stringify(line)}\n`),
      `when that is mended: ${goOn}`,
    )
  return {
    minutes,
    judge: async (request, judge, elapsed) => {
      const key = keyOf(request, taskFilesOf(request.surrogate))
      const asked = answers.get(key)
      if (asked !== undefined) return { fitness: await asked, news: false, recalled: false }
      const before = known.get(key)?.fitness
      const answer = before === undefined ? judge(request) : Promise.resolve(before)
      answers.set(key, answer)
      const fitness = await answer
      if (before === undefined) guard(() => append({ key, minutes: elapsed(), fitness }))
      return { fitness, news: true, recalled: before !== undefined }
    },
  }
}

/** Names everything that an evaluation depends on beside the protocol and, unless it is a module, the task: its folder has one. */
function keyOf(
  { source, flipped, seed, surrogate, learningRate, isTrial = false }: FitnessRequest,
  taskFiles: unknown,
): string {
  const parts: unknown[] = [source.text, flipped, seed, surrogate, learningRate ?? null, isTrial]
  if (taskFiles !== undefined) parts.push(taskFiles)
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

type Line = z.infer<typeof lineSchema>

/** The line as it was written: the journal must come out the same, the order of its keys included, which zod would change. */
function readLine(text: string): Line | undefined {
  try {
    const line: unknown = JSON.parse(text)
    return lineSchema.safeParse(line).success ? (line as Line) : undefined
  } catch {
    return undefined
  }
}

import { createHash } from 'node:crypto'
import { appendFileSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Fitness, FitnessRequest } from '../../evolve/fitness.ts'
import { fitnessSchema } from '../../evolve/journal.ts'
import { failure } from '../failure.ts'
import { shellWord } from '../shell-word.ts'
import { reasonOf } from '../sources.ts'
import type { Guard } from './until-failure.ts'

/** The file of a run folder that every evaluation is in as soon as it is done, in whatever order that is. */
const EVALUATIONS = 'evaluations.jsonl'

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
 * The log of a run folder, which writes with `guard`; a torn last line is cut off. Throws a failure when another line cannot
 * be read.
 */
export function openEvaluationLog(location: string, shown: string, guard: Guard): EvaluationLog {
  const path = join(location, EVALUATIONS)
  const known = new Map<string, Fitness>()
  const answers = new Map<string, Promise<Fitness>>()
  let minutes = 0
  let whole = 0
  const text = readIfThere(path)
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', whole)) {
    const line = readLine(text.slice(whole, end))
    if (line === undefined)
      throw failure(
        'failed',
        `${shown}/${EVALUATIONS} is damaged: line ${known.size + 1} is no evaluation`,
        `delete the lines from there on; what they held is evaluated again`,
      )
    known.set(line.key, line.fitness)
    minutes = Math.max(minutes, line.minutes)
    whole = end + 1
  }
  if (whole < text.length) truncateSync(path, Buffer.byteLength(text.slice(0, whole)))
  const append = (line: Line): void => {
    try {
      appendFileSync(path, `${JSON.stringify(line)}\n`)
    } catch (error) {
      throw failure(
        'failed',
        `cannot write ${shown}/${EVALUATIONS}: ${reasonOf(error)}`,
        `when that is mended: --resume ${shellWord(shown)}`,
      )
    }
  }
  return {
    minutes,
    judge: async (request, judge, elapsed) => {
      const key = keyOf(request)
      const asked = answers.get(key)
      if (asked !== undefined) return { fitness: await asked, news: false, recalled: false }
      const before = known.get(key)
      const answer = before === undefined ? judge(request) : Promise.resolve(before)
      answers.set(key, answer)
      const fitness = await answer
      if (before === undefined) guard(() => append({ key, minutes: elapsed(), fitness }))
      return { fitness, news: true, recalled: before !== undefined }
    },
  }
}

/** Names everything that an evaluation depends on beside the task and the protocol. */
function keyOf({
  source,
  flipped,
  seed,
  surrogate,
  learningRate,
  isTrial = false,
}: FitnessRequest): string {
  const parts = [source.text, flipped, seed, surrogate, learningRate ?? null, isTrial]
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

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

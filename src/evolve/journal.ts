import { z } from 'zod'
import { describeIssue } from '../tasks/protocol-file.ts'
import type { Attempt, Entry, Evaluated, JournalFitness } from './journal-entry.ts'

export type {
  Attempt,
  Entry,
  EntryOf,
  Evaluated,
  Final,
  JournalFitness,
  Work,
} from './journal-entry.ts'

// What the fields mean is said by the types, which are written out for those who read journals without zod.

/** Where in a search a piece of work belongs; its name is unique within a run. */
const slot = z.string()

/** Before there were metrics, journals had an accuracy in their place. */
function withMetric(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('testAccuracy' in value)) return value
  const { testAccuracy: testMetric, ...rest } = value
  return { ...rest, testMetric }
}

/** {@link JournalFitness}, also as older journals have it. */
export const fitnessSchema = z.preprocess(
  withMetric,
  z.object({
    surrogate: z.string(),
    score: z.number().exactOptional(),
    testMetric: z.number().exactOptional(),
    testLoss: z.number().exactOptional(),
    learningRate: z.number().exactOptional(),
    seed: z.number(),
    steps: z.number(),
    failure: z.string().exactOptional(),
  }),
) satisfies z.ZodType<JournalFitness>

const integrity = z.object({
  accepted: z.boolean(),
  flipped: z.boolean(),
  learningRate: z.number().exactOptional(),
  loss: z.number(),
})

const rejected = z.object({
  mutation: z.string().exactOptional(),
  reason: z.string(),
  count: z.number(),
})

const attempt = z.object({
  mutation: z.string().exactOptional(),
  rule: z.string(),
  fingerprint: z.string(),
  integrity,
  like: z.object({ slot, factor: z.number() }).exactOptional(),
  fitness: fitnessSchema,
}) satisfies z.ZodType<Attempt>

const runs = z.array(fitnessSchema).readonly()

/** The fields of {@link Evaluated}. */
const evaluated = {
  rule: z.string(),
  flipped: z.boolean(),
  trials: runs,
  rivals: z.array(z.object({ learningRate: z.number(), runs })).readonly(),
  learningRate: z.number().exactOptional(),
  runs,
} satisfies Record<keyof Evaluated, z.ZodType>

/** {@link Entry} and no other line. */
export const entrySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('run'),
    version: z.string(),
    configuration: z.record(z.string(), z.unknown()),
  }),
  z.object({
    kind: z.literal('work'),
    slot,
    parent: slot.exactOptional(),
    rejections: z.array(rejected).readonly(),
    attempts: z.array(attempt).readonly(),
  }),
  z.object({ kind: z.literal('enter'), slot, of: slot, fitness: fitnessSchema }),
  z.object({
    kind: z.literal('select'),
    particle: z.number(),
    timestep: z.number(),
    slot,
    score: z.number(),
    race: z
      .object({
        decided: z.boolean(),
        contenders: z.array(z.object({ slot, runs })).readonly(),
      })
      .exactOptional(),
  }),
  z.object({ kind: z.literal('stop'), stage: z.string(), begun: z.number() }),
  z.object({
    kind: z.literal('rung'),
    slot,
    rung: z.number(),
    of: slot,
    rule: z.string(),
    flipped: z.boolean(),
    searched: fitnessSchema,
    runs,
  }),
  z.object({
    kind: z.literal('final'),
    slot,
    name: z.string(),
    of: slot.exactOptional(),
    score: z.number().exactOptional(),
    ...evaluated,
  }),
  z.object({
    kind: z.literal('ablation'),
    slot,
    of: z.string(),
    removed: z.string(),
    ...evaluated,
  }),
  z.object({
    kind: z.literal('transfer'),
    slot,
    task: z.string(),
    name: z.string(),
    ...evaluated,
  }),
  z.object({ kind: z.literal('end') }),
]) satisfies z.ZodType<Entry>

/** Everything that was trained for a rule of the last evaluation. */
export function evaluationsOf({
  trials,
  rivals,
  runs,
}: Pick<Evaluated, 'trials' | 'rivals' | 'runs'>): readonly JournalFitness[] {
  return [...trials, ...rivals.flatMap((rival) => rival.runs), ...runs]
}

/** A journal as one text: what is whole, and whether the last line is torn. */
export interface ReadJournal {
  readonly entries: readonly Entry[]
  /** Characters of the text that hold the entries; what follows is a torn line. */
  readonly length: number
  /** Why a line other than the last cannot be read; the entries are those before it. */
  readonly problem: string | undefined
}

/** The entries of a journal's text. A last line without its end is left out: the run was killed while writing it. */
export function readJournal(text: string): ReadJournal {
  const entries: Entry[] = []
  let length = 0
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', length)) {
    const entry = readLine(text.slice(length, end))
    if (typeof entry === 'string') {
      const problem = `line ${entries.length + 1} is no entry of a journal: ${entry}`
      return { entries, length, problem }
    }
    entries.push(entry)
    length = end + 1
  }
  return { entries, length, problem: undefined }
}

/** The entry of a line, or what is wrong with it. */
function readLine(line: string): Entry | string {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return 'it is not JSON'
  }
  const { data, error } = entrySchema.safeParse(value)
  return data ?? describeIssue(error!.issues[0]!, 'its kind')
}

/** The line that holds an entry. Throws a RangeError for numbers that JSON has no word for. */
export function writeEntry(entry: Entry): string {
  const text = JSON.stringify(entry, (key, value: unknown) => {
    if (typeof value !== 'number' || Number.isFinite(value)) return value
    throw new RangeError(`a journal cannot hold ${value} as ${key}`)
  })
  return `${text}\n`
}

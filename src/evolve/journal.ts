import { z } from 'zod'
import { describeIssue } from '../tasks/protocol-file.ts'

/** Where in a search a piece of work belongs; its name is unique within a run. */
const slot = z.string()

/** Before there were metrics, journals had an accuracy in their place. */
function withMetric(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('testAccuracy' in value)) return value
  const { testAccuracy: testMetric, ...rest } = value
  return { ...rest, testMetric }
}

/** How good a rule was found to be. */
export const fitnessSchema = z.preprocess(
  withMetric,
  z.object({
    /** Name of the surrogate of the protocol that was trained. */
    surrogate: z.string(),
    /** Best validation metric, its negative where less is better, or minus the last loss; absent when it failed. */
    score: z.number().exactOptional(),
    testMetric: z.number().exactOptional(),
    testLoss: z.number().exactOptional(),
    learningRate: z.number().exactOptional(),
    seed: z.number(),
    /** Training steps taken for it: none when it was taken from a rule that behaves alike. */
    steps: z.number(),
    failure: z.string().exactOptional(),
  }),
)

const integrity = z.object({
  accepted: z.boolean(),
  flipped: z.boolean(),
  learningRate: z.number().exactOptional(),
  loss: z.number(),
})

const rejected = z.object({
  /** What was tried on the parent; absent for drawn and given rules. */
  mutation: z.string().exactOptional(),
  reason: z.string(),
  count: z.number(),
})

const attempt = z.object({
  /** What made the rule from its parent. */
  mutation: z.string().exactOptional(),
  rule: z.string(),
  fingerprint: z.string(),
  integrity,
  /** The work whose rule does the same, up to a factor on the update; its fitness was taken. */
  like: z.object({ slot, factor: z.number() }).exactOptional(),
  fitness: fitnessSchema,
})

/** A rule judged again: by the probe on one seed, then on fresh seeds with the learning rate it found. */
const rejudged = {
  rule: z.string(),
  flipped: z.boolean(),
  /** The run whose seed the learning rate was chosen by. */
  searched: fitnessSchema,
  runs: z.array(fitnessSchema).readonly(),
}

/** A rule of the last evaluation: its learning rate is chosen on some seeds, then it runs on others. */
const evaluated = {
  rule: z.string(),
  flipped: z.boolean(),
  /** Short runs that ranked the learning rates. */
  trials: z.array(fitnessSchema).readonly(),
  /** Learning rates that were run at full length, on the seeds the choice was made by. */
  rivals: z
    .array(z.object({ learningRate: z.number(), runs: z.array(fitnessSchema).readonly() }))
    .readonly(),
  /** The one chosen; absent for a rule that has none, and where none learned. */
  learningRate: z.number().exactOptional(),
  /** With it, on seeds that nothing was chosen by. */
  runs: z.array(fitnessSchema).readonly(),
}

/** One line of a journal. No line holds a time or anything else that differs between equal runs. */
export const entrySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('run'),
    version: z.string(),
    configuration: z.record(z.string(), z.unknown()),
  }),
  /** One place of a stage filled, or not: `initial/0`, `given/0`, `particle/PARTICLE/TIMESTEP/CHILD`. */
  z.object({
    kind: z.literal('work'),
    slot,
    /** The work whose rule was mutated. */
    parent: slot.exactOptional(),
    /** Draws thrown away. */
    rejections: z.array(rejected).readonly(),
    /** Rules judged one after the other until one did not fail. */
    attempts: z.array(attempt).readonly(),
  }),
  /** A first particle judged by the surrogate of the evolution, where that is not the initial one: `parent/PARTICLE`. */
  z.object({ kind: z.literal('enter'), slot, of: slot, fitness: fitnessSchema }),
  /** What a particle becomes. */
  z.object({
    kind: z.literal('select'),
    particle: z.number(),
    timestep: z.number(),
    slot,
    score: z.number(),
    /** How it was decided, where rules were judged again on fresh seeds; the parent is the first contender. */
    race: z
      .object({
        decided: z.boolean(),
        contenders: z.array(z.object({ slot, runs: z.array(fitnessSchema).readonly() })).readonly(),
      })
      .exactOptional(),
  }),
  /** The budget was used up in a stage; only its first `begun` slots were filled. */
  z.object({ kind: z.literal('stop'), stage: z.string(), begun: z.number() }),
  /** A rule on a rung of the ladder, counted from 1: `ladder/RUNG/PLACE`. `of`: the work that found it. */
  z.object({ kind: z.literal('rung'), slot, rung: z.number(), of: slot, ...rejudged }),
  /**
   * A rule of the final table: `final/NAME`. `of`: the work that found it, `score`: what the search ranked it by; both absent
   * for baselines.
   */
  z.object({
    kind: z.literal('final'),
    slot,
    name: z.string(),
    of: slot.exactOptional(),
    score: z.number().exactOptional(),
    ...evaluated,
  }),
  /** A finalist with one part taken out: `ablation/NAME/NUMBER`. */
  z.object({
    kind: z.literal('ablation'),
    slot,
    /** The finalist. */
    of: z.string(),
    removed: z.string(),
    ...evaluated,
  }),
  /** A rule of the final table on another task of the protocol: `transfer/TASK/NAME`. */
  z.object({
    kind: z.literal('transfer'),
    slot,
    task: z.string(),
    /** The finalist or baseline. */
    name: z.string(),
    ...evaluated,
  }),
  /** The run is complete. */
  z.object({ kind: z.literal('end') }),
])

export type Entry = z.infer<typeof entrySchema>
export type EntryOf<Kind extends Entry['kind']> = Extract<Entry, { kind: Kind }>
export type Work = EntryOf<'work'>
export type Final = EntryOf<'final'>
export type Evaluated = Pick<Final, keyof typeof evaluated>
export type Attempt = z.infer<typeof attempt>
export type JournalFitness = z.infer<typeof fitnessSchema>

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

import { z } from 'zod'

/** Where in a search a piece of work belongs; its name is unique within a run. */
const slot = z.string()

const fitness = z.object({
  score: z.number().optional(),
  testAccuracy: z.number().optional(),
  testLoss: z.number().optional(),
  learningRate: z.number().optional(),
  seed: z.number(),
  steps: z.number(),
  failure: z.string().optional(),
})

const integrity = z.object({
  accepted: z.boolean(),
  flipped: z.boolean(),
  learningRate: z.number(),
  loss: z.number(),
})

const attempt = z.object({
  /** What made the rule from its parent. */
  mutation: z.string().optional(),
  rule: z.string(),
  fingerprint: z.string(),
  integrity,
  fitness,
})

const rejected = z.object({
  mutation: z.string().optional(),
  reason: z.string(),
  count: z.number(),
})

/** One line of a journal. No line holds a time or anything else that differs between equal runs. */
export const entrySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('run'),
    version: z.string(),
    configuration: z.record(z.string(), z.unknown()),
  }),
  z.object({
    kind: z.literal('work'),
    slot,
    /** Draws thrown away, by the mutation that made them and the reason. */
    rejections: z.array(rejected),
    /** Rules judged one after the other until one did not fail. */
    attempts: z.array(attempt),
  }),
  z.object({
    kind: z.literal('select'),
    particle: z.number(),
    timestep: z.number(),
    slot,
    score: z.number(),
  }),
  z.object({
    kind: z.literal('final'),
    slot,
    name: z.string(),
    rule: z.string(),
    /** What the search's own seed gave, by which the learning rate was chosen. */
    searched: fitness,
    runs: z.array(fitness),
  }),
])

export type Entry = z.infer<typeof entrySchema>
export type Work = Extract<Entry, { kind: 'work' }>
export type Final = Extract<Entry, { kind: 'final' }>
export type Attempt = z.infer<typeof attempt>

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
    if (entry === undefined)
      return { entries, length, problem: `line ${entries.length + 1} is no entry of a journal` }
    entries.push(entry)
    length = end + 1
  }
  return { entries, length, problem: undefined }
}

function readLine(line: string): Entry | undefined {
  try {
    return entrySchema.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}

/** The line that holds an entry. */
export function writeEntry(entry: Entry): string {
  return `${JSON.stringify(entry)}\n`
}

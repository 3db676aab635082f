import { z } from 'zod'
import { findFilter } from '../../../evolve/filters.ts'
import { metricSchema } from '../../../tasks/metric.ts'
import { describeIssue, protocolSchema } from '../../../tasks/protocol-file.ts'
import { failure } from '../failure.ts'

const name = z.string().min(1)
const some = z.int().min(0)
const count = z.int().min(1)

const selection = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('published') }),
  z.strictObject({
    kind: z.literal('racing'),
    contenders: count,
    rounds: z.int().min(2),
    confidence: z.number().min(0.5).max(1),
  }),
])

const budget = z.union(
  [
    z.strictObject({ minutes: z.number().positive() }),
    z.strictObject({ steps: z.number().positive() }),
  ],
  { error: 'expected {"minutes": M} or {"steps": S}' },
)

const taskFiles = z.array(z.strictObject({ path: name, digest: z.string() })).readonly()

/** Everything a run depends on, as the first line of its journal keeps it. */
const runConfiguration = z
  .strictObject({
    task: name,
    /** What a task of one's own was read from. */
    taskFiles: taskFiles.exactOptional(),
    /** What the task's weights are judged by beside their loss. */
    metric: metricSchema.exactOptional(),
    /** The other tasks of the protocol, those whose data was there when the run began. */
    otherTasks: z
      .array(
        z.strictObject({
          task: name,
          taskFiles: taskFiles.exactOptional(),
          metric: metricSchema.exactOptional(),
        }),
      )
      .readonly()
      .exactOptional(),
    /** Its name, how long its runs were made where that is not 1, and what it is then. */
    protocol: name,
    scale: z.number().positive().max(1).exactOptional(),
    judging: protocolSchema,
    space: name,
    /** The text of the space's file. */
    spaceText: z.string(),
    seed: some,
    particles: count,
    timesteps: some,
    children: count,
    initial: some,
    selection,
    reuse: z.enum(['off', 'exact', 'scale']),
    /** Names of filters before training. */
    filters: z
      .array(
        z.string().refine((filter) => findFilter(filter) !== undefined, {
          error: 'expected the name of a filter',
        }),
      )
      .readonly(),
    /** Where rules need not pass the integrity check. */
    integrity: z.literal('off').exactOptional(),
    budget: budget.exactOptional(),
    ladder: z.boolean(),
    finalists: some,
    finalSeeds: count,
    rateSeeds: z.int().min(2),
    backend: name,
    /** Names of the library's rules that the final table compares with. */
    against: z.array(name).readonly(),
    /** The rules the search begins with: where they were, and their texts. */
    given: z.array(z.strictObject({ path: name, text: z.string() })).readonly(),
  })
  .readonly()

/** Everything a run depends on, as the first line of its journal keeps it. Plain data. */
export type RunConfiguration = z.infer<typeof runConfiguration>

/** The configuration of the run that is called `shown`. Throws a failure that names the first field that is none. */
export function readConfiguration(
  configuration: Readonly<Record<string, unknown>>,
  shown: string,
): RunConfiguration {
  const { error } = runConfiguration.safeParse(configuration)
  const [issue] = error?.issues ?? []
  if (issue !== undefined)
    throw failure(
      'failed',
      `the configuration of ${shown} is damaged: ${describeIssue(issue, 'its fields')}`,
      'nothing was changed',
    )
  // As it was written: zod would change the order of the keys, which options are compared in.
  return configuration as RunConfiguration
}

import { z } from 'zod'
import { networkSchema, type NetworkSpec } from '../../networks/named-networks.ts'
import { metricNames, type ObjectiveName } from '../../networks/objectives/judged.ts'
import { OBJECTIVES } from '../../networks/objectives/table.ts'
import type { Augmentation } from '../../protocol.ts'
import { augmentationSchema } from '../../protocol-file.ts'
import type { DataSpec } from './data/table.ts'
import { DATA_KINDS, dataSchema } from './data/table.ts'

/** A task as a file says it. */
export interface TaskFileSpec {
  /** The schema that an editor completes by; not looked at. */
  readonly $schema?: string
  /** What it is called; the file's name without its ending when absent. */
  readonly name?: string
  readonly summary?: string
  readonly data: DataSpec
  /** How examples without a part of their own are drawn from those to train on. */
  readonly split?: {
    /** Shares of them; 0.1 each when absent. */
    readonly validation?: number
    readonly test?: number
    /** Another one draws others; 1 when absent. */
    readonly seed?: number
  }
  readonly network: NetworkSpec
  readonly objective: ObjectiveName
  /** What weights are judged by; what the objective has when absent. */
  readonly metric?: string
  /** 64 when absent. */
  readonly batchSize?: number
  /** Training steps of a run when nothing else is said; 500 when absent. */
  readonly steps?: number
  /** Changes of training images, where a protocol has none. */
  readonly augmentation?: Augmentation
}

const share = z.number().gt(0).lt(1)
const count = z.int().min(1)
const objectives = Object.keys(OBJECTIVES) as [ObjectiveName, ...ObjectiveName[]]
const metrics = [...new Set(objectives.flatMap(metricNames))]

/** {@link TaskFileSpec} and no other fields. */
export const taskFileSchema: z.ZodType<TaskFileSpec> = z
  .strictObject({
    $schema: z.string().exactOptional(),
    name: z
      .string()
      .regex(/^[\w.-]+$/, 'expected letters, digits, - and _')
      .exactOptional(),
    summary: z.string().exactOptional(),
    data: dataSchema,
    split: z
      .strictObject({
        validation: share.exactOptional(),
        test: share.exactOptional(),
        seed: z.int().min(0).exactOptional(),
      })
      .refine(({ validation = 0, test = 0 }) => validation + test < 1, {
        error: 'expected less than 1 for validation and test together',
      })
      .exactOptional(),
    network: networkSchema,
    objective: z.enum(objectives),
    metric: z.enum(metrics).exactOptional(),
    batchSize: count.exactOptional(),
    steps: count.exactOptional(),
    augmentation: augmentationSchema.exactOptional(),
  })
  .superRefine(({ objective, metric }, context) => {
    const known = metricNames(objective)
    if (metric !== undefined && !known.includes(metric))
      context.addIssue({
        code: 'custom',
        path: ['metric'],
        message: `expected ${known.map((name) => JSON.stringify(name)).join(' | ')} for ${objective}`,
      })
  })

/** The schema of task files as JSON Schema (draft 7), for editors. */
export function taskFileJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(taskFileSchema, { io: 'input', target: 'draft-7' })
  return { $schema, title: 'A task of optc', ...schema }
}

/** A file that says a task with data of a kind. */
export function exampleTaskFile(kind: DataSpec['kind']): TaskFileSpec {
  return {
    $schema: './task.schema.json',
    data: DATA_KINDS[kind].example,
    split: { validation: 0.15 },
    network: [
      { kind: 'flatten' },
      { kind: 'dense', units: 32 },
      { kind: 'rectifier' },
      { kind: 'dense', units: 'outputs' },
    ],
    objective: 'classification',
    batchSize: 32,
    steps: 500,
  }
}

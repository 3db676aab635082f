import type * as core from '@tensorflow/tfjs-core'
import type * as layers from '@tensorflow/tfjs-layers'
import { z } from 'zod'
import type { Random } from '../../operators/random.ts'
import { describeIssue } from '../protocol-file.ts'
import { metricSchema, type Metric } from '../metric.ts'

/** TensorFlow.js as a task gets it: what tfjs-core and tfjs-layers have, under one name. */
export type TaskTensorFlow = typeof core & typeof layers

/** What a run is given. */
export interface TaskContext {
  /** The TensorFlow.js that the rules compute with; tensors of another copy are strangers to it. */
  readonly tf: TaskTensorFlow
  /** Follows from the run's seed: for `tf.initializers.glorotUniform({ seed })` and its like. */
  readonly seed: number
  /** Draws that follow from the run's seed. Whatever is drawn otherwise is other in every run, and no result repeats. */
  readonly random: Random
  /** Examples that a batch should have. */
  readonly batchSize: number
  /** How many times as wide as usual a model should be; 1 except on the rungs of `--ladder`. */
  readonly width: number
}

/** Tensors of a training step: one, or a list or record of them. Disposed of after the step. */
export type TaskBatch = core.TensorContainer

/** A number, or a tensor of one element, which is read and disposed of. */
export type TaskValue = number | core.Tensor

/** How well the weights do: the loss alone, or with the metric that the task declares. */
export type TaskEvaluation = TaskValue | { readonly loss: TaskValue; readonly metric?: TaskValue }

/** One run: its weights, and what to train them on. All functions but `start` and `batch` return at once, not a promise. */
export interface TaskRun<Batch extends TaskBatch = TaskBatch> {
  /** The trainable variables of type float32, in an order that is always the same. */
  readonly parameters: readonly core.Tensor[]
  /** The tensors of step number `step`, from 0; without it `loss` is given none. */
  readonly batch?: (step: number) => Batch | Promise<Batch>
  /** The loss at the present weights, one number; its gradients are those of tfjs. Tensors made in it are disposed of. */
  readonly loss: (batch: Batch, step: number) => core.Tensor
  /** Gradients in the place of those of tfjs: for each parameter one of its shape, at the present weights. */
  readonly gradients?: (batch: Batch, step: number) => readonly core.Tensor[]
  /** How well the present weights do on data that is not trained on. The loss itself when absent, which a task with batches cannot do without. */
  readonly evaluate?: (part: 'validation' | 'test') => TaskEvaluation
}

/** A task of one's own: the default export of a module that `--task` names. */
export interface TaskDefinition<Batch extends TaskBatch = TaskBatch> {
  /** What it is called; the module's name without its ending when absent. */
  readonly name?: string
  readonly summary?: string
  /** Training steps of a run when nothing else is said; 500 when absent. */
  readonly steps?: number
  /** 64 when absent. */
  readonly batchSize?: number
  /** What weights are judged by; the loss when absent. `unit: 'share'` is shown in percent. */
  readonly metric?: Omit<Metric, 'unit'> & { readonly unit?: Metric['unit'] }
  /** Whether it is a function of a few numbers, without data and anything random: one run stands for all seeds. */
  readonly isFunction?: boolean
  /** Files beside the module that it reads, relative to it: where they change, so does the task. */
  readonly files?: readonly string[]
  /**
   * Begins a run: makes its variables and reads its data. What tensors it makes are disposed of when the run ends; `tf.keep` takes
   * one out that other runs use, too.
   */
  readonly start: (context: TaskContext) => TaskRun<Batch> | Promise<TaskRun<Batch>>
}

/** A definition with what it left out. */
export interface CompleteDefinition extends Omit<TaskDefinition, 'metric' | 'name'> {
  readonly name?: string | undefined
  readonly metric?: Metric | undefined
  readonly summary: string
  readonly steps: number
  readonly batchSize: number
  readonly isFunction: boolean
  readonly files: readonly string[]
}

const isFunction = (value: unknown): boolean => typeof value === 'function'
const count = z.int().min(1)

/** What a task may be called. */
export const taskName = z.string().regex(/^[\w.-]+$/, 'expected letters, digits, - and _')

/** What runs are like when a task does not say. */
export const TASK_DEFAULTS = { summary: 'a task of one’s own', steps: 500, batchSize: 64 } as const

const definitionSchema = z.strictObject({
  name: taskName.optional(),
  summary: z.string().default(TASK_DEFAULTS.summary),
  steps: count.default(TASK_DEFAULTS.steps),
  batchSize: count.default(TASK_DEFAULTS.batchSize),
  metric: metricSchema.optional(),
  isFunction: z.boolean().default(false),
  files: z.array(z.string().min(1)).default([]),
  start: z.custom<TaskDefinition['start']>(isFunction, 'expected a function'),
})

const runSchema = z.strictObject({
  parameters: z.array(z.unknown()).min(1),
  loss: z.custom<TaskRun['loss']>(isFunction, 'expected a function'),
  batch: z.custom<NonNullable<TaskRun['batch']>>(isFunction, 'expected a function').optional(),
  gradients: z
    .custom<NonNullable<TaskRun['gradients']>>(isFunction, 'expected a function')
    .optional(),
  evaluate: z
    .custom<NonNullable<TaskRun['evaluate']>>(isFunction, 'expected a function')
    .optional(),
})

/** A value, or in a sentence what is wrong with it. */
export type Checked<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string }

function check<T>(schema: z.ZodType<T>, value: unknown, whole: string): Checked<T> {
  const { data, error } = schema.safeParse(value)
  const [issue] = error?.issues ?? []
  return issue === undefined
    ? { ok: true, value: data! }
    : { ok: false, problem: describeIssue(issue, whole) }
}

/** What a module exports as a definition. */
export function checkDefinition(value: unknown): Checked<CompleteDefinition> {
  return check(definitionSchema, value, 'the default export') as Checked<CompleteDefinition>
}

/** What `start` gave as a run; its parameters are not looked at yet. */
export function checkRun(
  value: unknown,
): Checked<Omit<TaskRun, 'parameters'> & { readonly parameters: readonly unknown[] }> {
  return check(runSchema, value, 'what `start` returns') as ReturnType<typeof checkRun>
}

import type { Key } from '../operators/random.ts'
import type { DataResult, OpenOptions } from './data-file.ts'
import type { Metric } from './metric.ts'
import type { FineTuningWish } from './networks/fine-tuning.ts'
import type { FineTuning } from './networks/match-weights.ts'
import type { Problem } from './problem.ts'
import type { Augmentation, NetworkWidth } from './protocol.ts'
import type { RuleInUse, TrainingSession } from './session.ts'
import type { Computing, ComputingChoice } from './computing.ts'

/** Headings of the table of tasks, in their order. */
export const TASK_GROUPS = {
  functions: 'functions of a few numbers, without data: what a rule does can be followed by hand',
  tiny: '8x8 pixels and one hidden layer of 32: a run takes a third of a second, a search minutes',
  tables: 'one column of a table told by the others: numbers, categories and empty cells',
  images: 'networks on images; data that optc does not carry is fetched once',
  text: 'the next word or character of a text told by those before it',
  'fine-tuning': 'networks that were trained on other images go on with few of their own',
} as const

/** One of {@link TASK_GROUPS}. */
export type TaskGroup = keyof typeof TASK_GROUPS

/** Something to train on: a row that opens. */
export interface Task<Open extends OpenTask = OpenTask> {
  readonly name: string
  readonly summary: string
  /** Under which heading `optc tasks` lists it; absent for tasks of one's own, which it does not list. */
  readonly group?: TaskGroup
  readonly defaults: {
    readonly steps: number
    readonly batchSize: number
    readonly evaluateEvery: number
  }
  /** What weights are judged by; the loss where it is absent. */
  readonly metric?: Metric
  /** The metric of guessing, where training batches are measured by it too: what has not passed it has learned nothing. */
  readonly chance?: number
  /** What a batch is made of, in the plural; absent where there are no batches. */
  readonly examples?: string
  /** Name of its data set, a row of the data sources. */
  readonly data?: string
  /**
   * Whether it is a function of a few numbers: it has no data and draws nothing, so that one run stands for all seeds, its loss
   * is all there is to see, and a step costs next to nothing.
   */
  readonly isFunction: boolean
  /** Multiplications that scoring an example takes, of a model as wide as asked; absent where nobody knows. */
  readonly work?: (width?: NetworkWidth) => number
  /** What it was read from; absent for the tasks that optc brings. */
  readonly files?: readonly TaskFile[]
  /** Memory that a process may take for one run, in mebibytes; absent where what others get is enough. */
  readonly memory?: number
  /** Sets up what it computes with; absent for tasks that TensorFlow.js computes. */
  readonly setUp?: (choice: ComputingChoice) => Promise<Computing>
  /** Reads what it needs. */
  readonly open: (options?: OpenOptions) => Promise<DataResult<Open>>
}

/** A file that a task rests on. */
export interface TaskFile {
  /** From the folder of the task's module, with `/`. */
  readonly path: string
  /** SHA-256, in hexadecimal digits. */
  readonly digest: string
}

/** What a run begins with. */
export interface StartOptions {
  readonly batchSize: number
  /** Everything random follows from it. */
  readonly key: Key
  /** Changes of training images; none when absent, and none where there are no images. */
  readonly augmentation?: Augmentation
}

/** A task whose data is in memory. Holds no tensors. */
export type OpenTask = TensorTask | RemoteTask

interface AnyOpenTask {
  readonly task: Task
  /** The same that begins with a file's weights, or leaves layers as they are, on the backend that is set; absent where there are no layers. */
  readonly fineTuned?: (wish: FineTuningWish) => DataResult<{
    readonly task: TensorTask
    readonly tuning: FineTuning
  }>
  /** Tries it before anything rests on it, where it computes; tasks that optc brings need none. Rejects with what is wrong. */
  readonly rehearse?: () => Promise<void>
}

/** One that this process computes, with TensorFlow.js. */
export interface TensorTask extends AnyOpenTask {
  /** Fresh weights for a run. */
  readonly start: (options: StartOptions) => Problem | Promise<Problem>
  /** The same with a model as wide as asked; itself where it has no width. */
  readonly widened: (width: NetworkWidth) => TensorTask
}

/** One that another process computes, with a framework of its own. */
export interface RemoteTask extends AnyOpenTask {
  /** Begins a run, fresh weights moved by the rule. */
  readonly begin: (options: StartOptions, rule: RuleInUse) => Promise<TrainingSession>
  readonly widened: (width: NetworkWidth) => RemoteTask
}

/** Reads what `task` needs. */
export function openTask<Open extends OpenTask>(
  task: Task<Open>,
  options?: OpenOptions,
): Promise<DataResult<Open>> {
  return task.open(options)
}

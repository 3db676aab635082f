import type { Key } from '../operators/random.ts'
import type { DataResult } from './data-file.ts'
import type { Metric } from './metric.ts'
import type { Problem } from './problem.ts'
import type { Augmentation, NetworkWidth } from './protocol.ts'

/** Something to train on: a row that opens. */
export interface Task {
  readonly name: string
  readonly summary: string
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
  /** Reads what it needs. */
  readonly open: (options?: OpenOptions) => Promise<DataResult<OpenTask>>
}

/** How data is read. */
export interface OpenOptions {
  /** The folder of the data; where it usually is when absent. */
  readonly directory?: string
  /** A folder where decoded images are kept, and found the next time. */
  readonly cache?: string
  /** Called again and again while images are decoded. */
  readonly onProgress?: (done: number, total: number) => void
  /** Ends the work; the promise is rejected with its reason. */
  readonly signal?: AbortSignal
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
export interface OpenTask {
  readonly task: Task
  /** Fresh weights for a run. */
  readonly start: (options: StartOptions) => Problem | Promise<Problem>
  /** The same with a model as wide as asked; itself where it has no width. */
  readonly widened: (width: NetworkWidth) => OpenTask
  /** Tries it before anything rests on it, on the backend that is set; tasks that optc brings need none. Rejects with what is wrong. */
  readonly rehearse?: () => Promise<void>
}

/** Reads what `task` needs. */
export function openTask(task: Task, options?: OpenOptions): Promise<DataResult<OpenTask>> {
  return task.open(options)
}

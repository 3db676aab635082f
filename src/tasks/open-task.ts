import type { Key } from '../operators/random.ts'
import { findDataSource, loadData } from './data-set.ts'
import { functionProblem } from './function-problem.ts'
import type { DataResult } from './data-file.ts'
import { imageProblem } from './image-problem.ts'
import { splitImages, type ImageSplits } from './image-splits.ts'
import type { Problem } from './problem.ts'
import type { Augmentation } from './protocol.ts'
import type { ClassificationTask, FunctionTask, Task } from './task.ts'

/** A task whose data is in memory: what {@link startProblem} needs. Holds no tensors. */
export type OpenTask =
  | { readonly task: FunctionTask }
  | { readonly task: ClassificationTask; readonly images: ImageSplits }

/** Reads what `task` needs, from `directory` or from where it usually is. */
export function openTask(task: Task, directory?: string): DataResult<OpenTask> {
  if (task.kind === 'function') return { ok: true, value: { task } }
  const source = findDataSource(task.data)
  if (source === undefined) throw new Error(`task ${task.name} names no data set: ${task.data}`)
  const data = loadData(source, directory)
  if (!data.ok) return data
  return { ok: true, value: { task, images: splitImages(data.value, task.validationCount) } }
}

/** Fresh weights for a run of `open`; everything random follows from `key`. Functions have nothing to augment. */
export function startProblem(
  open: OpenTask,
  batchSize: number,
  key: Key,
  augmentation?: Augmentation,
): Problem {
  return 'images' in open
    ? imageProblem(open.task, open.images, batchSize, key, augmentation)
    : functionProblem(open.task)
}

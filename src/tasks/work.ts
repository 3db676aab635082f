import type { Task } from './open-task.ts'
import type { NetworkWidth, Surrogate } from './protocol.ts'

/**
 * Multiplications of the forward pass of a training step with `batchSize` examples, of a model as wide as asked; undefined where
 * nobody knows.
 */
export function stepWork(
  { work, defaults }: Task,
  batchSize = defaults.batchSize,
  width?: NetworkWidth,
): number | undefined {
  return work === undefined ? undefined : batchSize * work(width)
}

/** The same for `task` as a surrogate trains it. */
export function surrogateWork(
  task: Task,
  { width, batchSize }: Pick<Surrogate, 'width' | 'batchSize'>,
): number | undefined {
  return stepWork(task, batchSize, width)
}

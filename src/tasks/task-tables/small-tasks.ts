import { imageTask, type ImageTaskRow } from '../image-task.ts'
import { perceptron } from '../networks/networks.ts'
import type { Task } from '../open-task.ts'

/** One hidden layer of 32 on 64 pixels: thousands of steps a second. */
const small = (row: Pick<ImageTaskRow, 'name' | 'summary' | 'data' | 'size'>): ImageTaskRow => ({
  ...row,
  defaults: { steps: 2000, batchSize: 64, evaluateEvery: 500 },
  network: perceptron([32]),
})

/** Tasks that take a third of a second. */
export const SMALL_TASKS: readonly Task[] = [
  imageTask(
    small({
      name: 'digits8-mlp',
      summary: 'handwritten digits at 8x8, one hidden layer of 32; carried with optc',
      data: 'digits8',
    }),
  ),
  imageTask(
    small({
      name: 'fashion8-mlp',
      summary: 'clothes at 8x8, one hidden layer of 32; carried with optc',
      data: 'fashion14',
      size: 8,
    }),
  ),
]

import type { ImageTaskRow } from '../image-problem.ts'
import { imageTask } from '../image-task.ts'
import { perceptron } from '../networks/networks.ts'
import type { Task, TensorTask } from '../open-task.ts'
import { rescaledTask, type RescaledLevel } from '../rescaled-problem.ts'

/** One hidden layer of 32 on 64 pixels: thousands of steps a second. */
const small = (row: Pick<ImageTaskRow, 'name' | 'summary' | 'data' | 'size'>): Task<TensorTask> =>
  imageTask({
    ...row,
    group: 'tiny',
    defaults: { steps: 2000, batchSize: 64, evaluateEvery: 500 },
    network: perceptron([32]),
  })

const digits = small({
  name: 'digits8-mlp',
  summary: 'handwritten digits at 8x8, one hidden layer of 32; carried with optc',
  data: 'digits8',
})
const fashion = small({
  name: 'fashion8-mlp',
  summary: 'clothes at 8x8, one hidden layer of 32; carried with optc',
  data: 'fashion14',
  size: 8,
})

/** What factors are drawn for, by the ending of the name. */
const LEVELS: readonly (readonly [ending: string, level: RescaledLevel, words: string])[] = [
  ['scaled', 'tensor', 'each tensor of weights'],
  ['scaled-network', 'network', 'all weights together'],
  ['scaled-element', 'element', 'each weight'],
]

/** `task` once for each of {@link LEVELS}. */
const rescaled = (task: Task<TensorTask>): readonly Task<TensorTask>[] =>
  LEVELS.map(([ending, level, words]) =>
    rescaledTask(task, level, {
      name: `${task.name}-${ending}`,
      summary: `the same, ${words} stored divided by a factor from 0.01 to 100, drawn anew for each seed`,
    }),
  )

/** Tasks that take a third of a second. */
export const SMALL_TASKS: readonly Task<TensorTask>[] = [
  digits,
  ...rescaled(digits),
  fashion,
  ...rescaled(fashion),
]

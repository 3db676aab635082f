import type { NumberedText } from './formats/numbered-text.ts'
import { networkProblem } from './network-problem.ts'
import type { Network } from './networks/network.ts'
import { networkWork, widened } from './networks/networks.ts'
import { nextToken } from './networks/objectives/next-token.ts'
import type { Task, TensorTask } from './open-task.ts'
import { streamProblem, windowExamples } from './text-problem.ts'
import { findTextSet, loadText, vocabularySize, type TextUnit } from './text-sets.ts'

/** How a text is read. */
export interface TextReading {
  /** Words or characters of a training example. */
  readonly window: number
  /**
   * `streams`: each example goes on where the one before ended, with what recurrent layers hold; `windows`: examples are drawn from
   * everywhere.
   */
  readonly in: 'streams' | 'windows'
}

/** Say what comes next in a text. */
export interface TextTask extends Task<TensorTask> {
  readonly data: string
  readonly unit: TextUnit
  readonly reading: TextReading
  readonly network: Network
}

/** The row of a prediction of what comes next. */
export function textTask(
  row: Omit<TextTask, 'metric' | 'chance' | 'examples' | 'isFunction' | 'work' | 'open'>,
): TextTask {
  const set = findTextSet(row.data)
  if (set === undefined) throw new Error(`task ${row.name} names no text: ${row.data}`)
  const outputs = vocabularySize(set, row.unit)
  const task: TextTask = {
    ...row,
    group: 'text',
    metric: nextToken.metric!,
    examples: row.reading.in,
    isFunction: false,
    ...(outputs !== undefined && {
      work: (width) => {
        const network = width === undefined ? task.network : widened(task.network, width)
        return networkWork(network, { input: [task.reading.window], outputs })
      },
    }),
    open: (options) => {
      const text = loadText(set, task.unit, options?.directory)
      return Promise.resolve(
        text.ok
          ? { ok: true, value: openedText(task, text.value, task.network, task.reading) }
          : text,
      )
    },
  }
  return task
}

/** `task` with its text in memory. */
export function openedText(
  task: Task<TensorTask>,
  text: NumberedText,
  network: Network,
  reading: TextReading,
): TensorTask {
  return {
    task,
    start: (options) =>
      reading.in === 'streams'
        ? streamProblem(network, text, reading.window, options)
        : networkProblem(network, nextToken, windowExamples(text, reading.window), options),
    widened: (width) => openedText(task, text, widened(network, width), reading),
  }
}

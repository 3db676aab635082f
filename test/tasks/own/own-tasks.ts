import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { onTestFinished } from 'vitest'
import type { Task } from '../../../src/tasks/open-task.ts'
import { loadTask } from '../../../src/tasks/own/load-task.ts'
import { train, type TrainResult } from '../../../src/tasks/train.ts'
import { opened } from '../opened.ts'

/** A folder of its own with `files`, gone after the test. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'optc-task-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** A module whose run is `run`, the body of `start`, on line 3; `x` is a variable of three numbers. */
export const moduleOf = (run: string, fields = ''): string => `export default {
  steps: 20, ${fields} start({ tf, seed, random, batchSize, width }) { const x = tf.variable(tf.tensor1d([1, 2, 3]), true, 'x')
${run}
  },
}
`

/** The body of a `start` that makes a bowl of `x`. */
export const SQUARES = 'return { parameters: [x], loss: () => tf.sum(tf.square(x)) }'

/** The task of a module in a folder of its own. */
export const load = (files: Readonly<Record<string, string>>, name = 'mine.mjs'): Promise<Task> =>
  loadTask(name, folderOf(files))

/** What gradient descent comes to on the task. */
export const trained = async (task: Task, learningRate = 0.1, steps = 20): Promise<TrainResult> =>
  train({ task: await opened(task), optimizer: () => tf.train.sgd(learningRate), seed: 1, steps })

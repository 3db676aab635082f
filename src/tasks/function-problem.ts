import * as tf from '@tensorflow/tfjs-core'
import type { Problem, Score } from './problem.ts'
import type { OpenTask, Task } from './open-task.ts'
import { variable } from './networks/weights.ts'

/** Minimise a function of a few variables; its value is the loss. */
export interface FunctionTask extends Task {
  readonly start: readonly number[]
  readonly value: (x: readonly number[]) => number
  readonly gradient: (x: readonly number[]) => readonly number[]
}

/** The row of a function. */
export function functionTask(
  row: Omit<FunctionTask, 'isFunction' | 'work' | 'open'>,
): FunctionTask {
  const task: FunctionTask = {
    ...row,
    isFunction: true,
    work: () => 0,
    open: async () => {
      const opened: OpenTask = { task, start: () => functionProblem(task), widened: () => opened }
      return { ok: true, value: opened }
    },
  }
  return task
}

/** Minimises a function of one vector; value and gradient are computed in 64 bits from its 32-bit values. */
function functionProblem(task: FunctionTask): Problem {
  const x = variable('x', Float32Array.from(task.start), [task.start.length], true)
  const values = async (): Promise<number[]> => [...(await x.data<'float32'>())]
  const evaluate = async (): Promise<Score> => ({ loss: task.value(await values()) })
  return {
    batchSize: 1,
    parameters: [x],
    step: async () => {
      const at = await values()
      return {
        loss: tf.scalar(task.value(at)),
        gradients: { [x.name]: tf.tensor1d(Float32Array.from(task.gradient(at))) },
      }
    },
    evaluate,
    evaluateElsewhere: evaluate,
    dispose: () => x.dispose(),
  }
}

import * as tf from '@tensorflow/tfjs-core'
import type { Surface } from '../language/plot/surfaces.ts'
import type { Problem, Score } from './problem.ts'
import type { Task, TensorTask } from './open-task.ts'
import { variable } from './networks/weights.ts'

/** Minimise a function of a few variables; its value is the loss. */
export interface FunctionTask extends Task<TensorTask> {
  readonly start: readonly number[]
  readonly value: (x: readonly number[]) => number
  readonly gradient: (x: readonly number[]) => readonly number[]
  /** What the gradient is off by at training step `step`, from 0: the same in every run. */
  readonly noise?: (step: number) => readonly number[]
}

/** The row of a function. */
export function functionTask(
  row: Omit<FunctionTask, 'group' | 'isFunction' | 'work' | 'open'>,
): FunctionTask {
  const task: FunctionTask = {
    ...row,
    group: 'functions',
    isFunction: true,
    work: () => 0,
    open: async () => {
      const opened: TensorTask = { task, start: () => functionProblem(task), widened: () => opened }
      return { ok: true, value: opened }
    },
  }
  return task
}

/** The row of a surface: 40 points of its curve, unless something else is asked for. */
export function surfaceTask(surface: Surface, steps: number, summary: string): FunctionTask {
  return functionTask({
    name: surface.name,
    summary,
    defaults: { steps, batchSize: 1, evaluateEvery: steps / 40 },
    start: surface.start,
    value: ([x = 0, y = 0]) => surface.value(x, y),
    gradient: ([x = 0, y = 0]) => surface.gradient(x, y),
    ...(surface.noise && { noise: surface.noise }),
  })
}

/** Minimises a function of one vector; value and gradient are computed in 64 bits from its 32-bit values. */
function functionProblem(task: FunctionTask): Problem {
  const x = variable('x', Float32Array.from(task.start), [task.start.length], true)
  const values = async (): Promise<number[]> => [...(await x.data<'float32'>())]
  const evaluate = async (): Promise<Score> => ({ loss: task.value(await values()) })
  return {
    batchSize: 1,
    parameters: [x],
    step: async (step) => {
      const at = await values()
      const off = task.noise?.(step)
      const gradient = task.gradient(at).map((slope, axis) => slope + (off?.[axis] ?? 0))
      return {
        loss: tf.scalar(task.value(at)),
        gradients: { [x.name]: tf.tensor1d(Float32Array.from(gradient)) },
      }
    },
    evaluate,
    evaluateElsewhere: evaluate,
    dispose: () => x.dispose(),
  }
}

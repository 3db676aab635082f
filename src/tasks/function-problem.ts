import * as tf from '@tensorflow/tfjs-core'
import type { Problem, Score } from './problem.ts'
import type { FunctionTask } from './task.ts'
import { variable } from './weights.ts'

/** Minimises a function of one vector; value and gradient are computed in 64 bits from its 32-bit values. */
export function functionProblem(task: FunctionTask): Problem {
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

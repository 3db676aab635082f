import * as tf from '@tensorflow/tfjs-core'
import type { Program } from '../../ir/graph.ts'
import { loadOptimizerFactory } from '../../runtime/optimizer-factory.ts'
import type { Trace } from '../../language/trace.ts'

/**
 * Applies the trace's gradients with the class emitted for `program`, on the backend that is set: the weights of each
 * parameter after each step, 32-bit numbers.
 */
export async function replay(program: Program, trace: Trace): Promise<Float32Array[][]> {
  const rule = await loadOptimizerFactory(program)
  const optimizer = rule(trace)
  const variables = trace.parameters.map(({ shape, w0 }, index) =>
    tf.tidy(() =>
      tf.variable(tf.tensor(Float32Array.from(w0), [...shape]), true, `parameter-${index}`),
    ),
  )
  const weights: Float32Array[][] = variables.map(() => [])
  try {
    for (let step = 0; step < trace.parameters[0]!.gradients.length; step++) {
      tf.tidy(() => {
        const gradients = trace.parameters.map(({ shape, gradients }, index) => ({
          name: variables[index]!.name,
          tensor: tf.tensor(Float32Array.from(gradients[step]!), [...shape]),
        }))
        optimizer.applyGradients(gradients)
      })
      // A copy: the cpu backend gives the numbers it computes with.
      for (const [index, variable] of variables.entries())
        weights[index]!.push((await variable.data<'float32'>()).slice())
    }
  } finally {
    optimizer.dispose()
    tf.dispose(variables)
  }
  return weights
}

import * as tf from '@tensorflow/tfjs-core'
import type { LoadedTargetName } from '../../emit/loaded-targets.ts'
import type { Program } from '../../ir/graph.ts'
import { evaluatesElsewhere } from '../../runtime/evaluation-weights.ts'
import { loadOptimizerFactory } from '../../runtime/optimizer-factory.ts'
import type { Trace } from '../../language/trace.ts'

/** The weights of each parameter after each step, and those to evaluate with where the program says which these are. */
export interface Replayed {
  readonly w: Float32Array[][]
  readonly evaluate?: Float32Array[][]
}

/**
 * Applies the trace's gradients with the class that the target makes of `program`, on the backend that is set. Its answer are 32-bit
 * numbers.
 */
export async function replay(
  program: Program,
  trace: Trace,
  target: LoadedTargetName,
): Promise<Replayed> {
  const rule = await loadOptimizerFactory(program, target)
  const outside = trace.parameters.flatMap(({ hidden }, index) =>
    hidden === false ? [`parameter-${index}`] : [],
  )
  const optimizer = rule({ ...trace, ...(outside.length > 0 && { notHidden: outside }) })
  const variables = trace.parameters.map(({ shape, w0 }, index) =>
    tf.tidy(() =>
      tf.variable(tf.tensor(Float32Array.from(w0), [...shape]), true, `parameter-${index}`),
    ),
  )
  const w: Float32Array[][] = variables.map(() => [])
  const evaluate: Float32Array[][] = variables.map(() => [])
  try {
    for (let step = 0; step < trace.parameters[0]!.gradients.length; step++) {
      tf.tidy(() => {
        const gradients = trace.parameters.map(({ shape, gradients }, index) => ({
          name: variables[index]!.name,
          tensor: tf.tensor(Float32Array.from(gradients[step]!), [...shape]),
        }))
        optimizer.applyGradients(gradients)
      })
      for (const [index, variable] of variables.entries()) w[index]!.push(await numbersOf(variable))
      if (!evaluatesElsewhere(optimizer)) continue
      const evaluated = optimizer.evaluationWeights(variables)
      for (const [index, { tensor }] of evaluated.entries())
        evaluate[index]!.push(await numbersOf(tensor))
      tf.dispose(evaluated.map(({ tensor }) => tensor))
    }
  } finally {
    optimizer.dispose()
    tf.dispose(variables)
  }
  return { w, ...(program.evaluate && { evaluate }) }
}

/** A copy: the cpu backend gives the numbers it computes with. */
const numbersOf = async (tensor: tf.Tensor): Promise<Float32Array> =>
  (await tensor.data<'float32'>()).slice()

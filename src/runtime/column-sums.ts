import * as tf from '@tensorflow/tfjs-core'
import { hasKernel, runKernel } from './kernel.ts'

/** The kernel a backend may have for {@link columnSums}; elsewhere it is tfjs's own. */
export const COLUMN_SUMS = 'OptcColumnSums'

/** The sum over all axes but the last: gradients of biases and scales. */
export function columnSums(x: tf.Tensor): tf.Tensor1D {
  if (hasKernel(COLUMN_SUMS) && x.shape.at(-1)! % 4 === 0)
    return runKernel<tf.Rank.R1>(COLUMN_SUMS, { x })
  return tf.sum(
    x,
    x.shape.slice(0, -1).map((_, axis) => axis),
  )
}

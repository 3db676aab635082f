import * as tf from '@tensorflow/tfjs-core'

/** The rows of `table` [count, units] with those numbers, of any shape: [...numbers' shape, units]. */
export function lookUp(table: tf.Tensor2D, numbers: tf.Tensor): tf.Tensor {
  return tf.gather(table, numbers as tf.Tensor1D)
}

/** Gradient of {@link lookUp} with respect to its table of `count` rows, for the gradient `dy` of what it gives. */
export function lookUpGradient(dy: tf.Tensor, numbers: tf.Tensor, count: number): tf.Tensor2D {
  const rows = tf.reshape(dy, [numbers.size, -1]) as tf.Tensor2D
  return tf.unsortedSegmentSum(rows, tf.reshape(numbers, [-1]) as tf.Tensor1D, count)
}

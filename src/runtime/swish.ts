import * as tf from '@tensorflow/tfjs-core'

/** z sigmoid(z), elementwise (Ramachandran, Zoph and Le, arXiv 1710.05941). */
export function swish<T extends tf.Tensor>(z: T): T {
  return tf.mul(z, tf.sigmoid(z))
}

/** The derivative of {@link swish} at z: s + z s (1 - s) with s = sigmoid(z). */
export function swishSlope<T extends tf.Tensor>(z: T): T {
  const gate = tf.sigmoid(z)
  return tf.add(gate, tf.mul(tf.mul(z, gate), tf.sub(1, gate)))
}

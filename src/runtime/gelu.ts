import * as tf from '@tensorflow/tfjs-core'
import { hasKernel, runKernel } from './kernel.ts'

/** Kernels a backend may have for {@link gelu} and its gradient; elsewhere they are composed of tfjs's own. */
export const GELU = 'OptcGelu'
export const GELU_GRADIENT = 'OptcGeluGradient'

/** In tanh(SCALE (x + CUBIC x^3)). */
export const GELU_SCALE = Math.sqrt(2 / Math.PI)
export const GELU_CUBIC = 0.044715

/** x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), elementwise (Hendrycks and Gimpel, arXiv 1606.08415). */
export function gelu(x: tf.Tensor): tf.Tensor {
  return hasKernel(GELU) && x.size % 4 === 0
    ? runKernel(GELU, { x })
    : tf.mul(tf.mul(x, 0.5), tf.add(bent(x), 1))
}

/** Gradient of {@link gelu} at `x`, for the gradient `dy` of what it gives. */
export function geluGradient(dy: tf.Tensor, x: tf.Tensor): tf.Tensor {
  if (hasKernel(GELU_GRADIENT) && x.size % 4 === 0) return runKernel(GELU_GRADIENT, { dy, x })
  const tangent = bent(x)
  const turning = tf.mul(tf.mul(x, bow(x, 3)), tf.sub(1, tf.square(tangent)))
  return tf.mul(dy, tf.mul(tf.add(tf.add(tangent, 1), turning), 0.5))
}

const bow = (x: tf.Tensor, factor: number): tf.Tensor =>
  tf.add(GELU_SCALE, tf.mul(tf.square(x), factor * GELU_SCALE * GELU_CUBIC))

const bent = (x: tf.Tensor): tf.Tensor => tf.tanh(tf.mul(x, bow(x, 1)))

import * as tf from '@tensorflow/tfjs-core'
import { hasKernel, runKernelForAll } from './kernel.ts'

/** The kernel a backend may have for {@link softmaxCrossEntropy}; elsewhere it is composed of tfjs's own. */
export const SOFTMAX_CROSS_ENTROPY = 'OptcSoftmaxCrossEntropy'

/** The kernel a backend may have for {@link sparseCrossEntropy}. */
export const SPARSE_CROSS_ENTROPY = 'OptcSparseCrossEntropy'

/** Loss, hits and gradient of a batch of class scores. */
export interface CrossEntropy {
  /** Mean over the batch of -log softmax(scores)[label], in nats. */
  readonly loss: tf.Scalar
  /** How many rows have their largest score at their label. */
  readonly correct: tf.Scalar
  /** Gradient of the loss with respect to the scores. */
  readonly gradient: tf.Tensor2D
}

/** Softmax cross-entropy of `scores` [batch, classes] for `labels` [batch, classes], one-hot. */
export function softmaxCrossEntropy(scores: tf.Tensor2D, labels: tf.Tensor2D): CrossEntropy {
  if (hasKernel(SOFTMAX_CROSS_ENTROPY)) {
    const [loss, correct, gradient] = runKernelForAll(SOFTMAX_CROSS_ENTROPY, {
      scores,
      labels,
    }) as [tf.Scalar, tf.Scalar, tf.Tensor2D]
    return { loss, correct, gradient }
  }
  const hits = tf.equal(tf.argMax(scores, 1), tf.argMax(labels, 1))
  return { ...composed(scores, labels), correct: tf.sum(tf.cast(hits, 'float32')) as tf.Scalar }
}

/** The loss and its gradient of {@link softmaxCrossEntropy} for labels that are class numbers, [batch] of integers. */
export function sparseCrossEntropy(
  scores: tf.Tensor2D,
  labels: tf.Tensor1D,
): Pick<CrossEntropy, 'loss' | 'gradient'> {
  if (hasKernel(SPARSE_CROSS_ENTROPY) && scores.shape[1] % 4 === 0) {
    const [loss, gradient] = runKernelForAll(SPARSE_CROSS_ENTROPY, { scores, labels }) as [
      tf.Scalar,
      tf.Tensor2D,
    ]
    return { loss, gradient }
  }
  return composed(scores, tf.cast(tf.oneHot(labels, scores.shape[1]) as tf.Tensor2D, 'float32'))
}

function composed(
  scores: tf.Tensor2D,
  labels: tf.Tensor2D,
): Pick<CrossEntropy, 'loss' | 'gradient'> {
  const batch = scores.shape[0]
  const shifted = tf.sub(scores, tf.max(scores, 1, true))
  const exponentials = tf.exp(shifted)
  const total = tf.sum(exponentials, 1, true)
  const chosen = tf.sum(tf.mul(shifted, labels))
  return {
    loss: tf.div(tf.sub(tf.sum(tf.log(total)), chosen), batch),
    gradient: tf.div(tf.sub(tf.div(exponentials, total), labels), batch),
  }
}

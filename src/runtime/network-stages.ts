import type * as tf from '@tensorflow/tfjs-core'

/**
 * One layer of a network as data: what a training step that is taken as a whole is made from. Its gradients are in the order of the
 * tensors named first here.
 */
export type Stage =
  /** [batch, ...] to [batch, the rest]. */
  | { readonly kind: 'flatten' }
  /** x weights + bias; weights [inputs, outputs]. */
  | { readonly kind: 'dense'; readonly weights: tf.Variable; readonly bias: tf.Variable }
  /** max(x, 0). */
  | { readonly kind: 'rectifier' }
  /** Padding 'same', no bias; filter [height, width, inputs, outputs]. */
  | { readonly kind: 'convolution'; readonly filter: tf.Variable; readonly stride: number }
  /**
   * Batch normalisation over all axes but the last, then swish. In a step each of `averages` becomes `share` of itself and
   * 1 - share of the batch's value.
   */
  | {
      readonly kind: 'normalizeSwish'
      readonly gamma: tf.Variable
      readonly beta: tf.Variable
      readonly averages: { readonly mean: tf.Variable; readonly variance: tf.Variable }
      readonly share: number
    }
  /** The mean over height and width. */
  | { readonly kind: 'globalAverage' }
  /** The product with what `mask` writes: factors of a step, one for each element. */
  | {
      readonly kind: 'dropout'
      readonly mask: (step: number, factors: Float32Array) => void
    }

/** Loss, hits and gradients of one batch. */
export interface StageGradients {
  /** Mean cross-entropy, in nats. */
  readonly loss: tf.Scalar
  /** How many rows have their largest score at their label. */
  readonly correct: tf.Scalar
  /** For each stage those of its variables. */
  readonly gradients: readonly (readonly tf.Tensor[])[]
}

/** A training step that is taken as a whole, in memory that is kept from step to step. */
export interface StageStep {
  /**
   * The gradients of softmax cross-entropy behind the last stage for `inputs` [batch, height, width, channels] or [batch, features] and
   * one-hot `labels` [batch, classes]. The caller disposes of what is returned.
   */
  run(inputs: tf.Tensor, labels: tf.Tensor, step: number): StageGradients
  /** Frees the memory. */
  dispose(): void
}

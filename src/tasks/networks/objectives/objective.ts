import type * as tf from '@tensorflow/tfjs-core'
import type { Metric } from '../../metric.ts'
import type { Score } from '../../problem.ts'

/** Loss of a training batch and the way back. */
export interface ObjectiveStep {
  /** The mean over the batch. */
  readonly loss: tf.Scalar
  /** How many of the batch are right, where the metric is their share. */
  readonly correct?: tf.Scalar
  /** Gradient of the loss with respect to the network's outputs. */
  readonly gradient: tf.Tensor
}

/** What a network's outputs are worth: a row. */
export interface Objective {
  readonly name: string
  readonly summary: string
  /** What weights are judged by beside the loss; the loss alone when absent. */
  readonly metric?: Metric
  /** The metric of guessing among `outputs`; absent where training batches are not measured by the metric. */
  readonly chance?: (outputs: number) => number
  /** Whether it is what steps that are taken as a whole end with: softmax cross-entropy. */
  readonly isCrossEntropy: boolean
  /** For outputs [batch, ...] and targets as {@link targets} makes them. */
  readonly step: (outputs: tf.Tensor, targets: tf.Tensor) => ObjectiveStep
  /** The tensor of `answers`, of which every example has equally many. `outputs`: how many numbers the network gives for one. */
  readonly targets: (answers: ArrayLike<number>, count: number, outputs: number) => tf.Tensor
  /** Of outputs and answers of `count` examples the sums that {@link score} is made of, in 64 bits. */
  readonly sums: (
    outputs: Float32Array,
    answers: ArrayLike<number>,
    count: number,
  ) => readonly number[]
  /** The score that sums over `count` examples come to. */
  readonly score: (sums: readonly number[], count: number) => Score
}

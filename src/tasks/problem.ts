import type * as tf from '@tensorflow/tfjs-core'
import type { Tensors } from './weight-files.ts'

/** One step's loss and gradients; the receiver disposes of the tensors. */
export interface ProblemStep {
  /** A number where it is known at once. */
  readonly loss: tf.Scalar | number
  /** How many of the batch were right, where the task's metric is their share and batches are measured by it. */
  readonly correct?: tf.Scalar | number
  /** Gradient of the loss for each parameter's name. */
  readonly gradients: tf.NamedTensorMap
}

/** The value of what may be known at once. */
export const readScalar = async (value: tf.Scalar | number): Promise<number> =>
  typeof value === 'number' ? value : ((await value.data())[0] ?? NaN)

/** Disposes of it, where there is something to. */
export function disposeScalar(value: tf.Scalar | number): void {
  if (typeof value !== 'number') value.dispose()
}

/** How well the present weights do. */
export interface Score {
  readonly loss: number
  /** The task's metric; absent where it has none. */
  readonly metric?: number
}

/** One run's weights, and what to train them on. */
export interface Problem {
  /** Loss and gradients at training step number `step`, from 0. */
  step(step: number): Promise<ProblemStep>
  evaluate(part: 'validation' | 'test'): Promise<Score>
  /** The same with weights that it was not trained at: what training has averaged for them is worked out for these. */
  evaluateElsewhere(part: 'validation' | 'test'): Promise<Score>
  /** Examples in a training step. */
  readonly batchSize: number
  /** Names and values of the trainable parameters, in their order. */
  readonly parameters: readonly tf.Variable[]
  /** All weights as files hold them, moving averages and frozen ones included; absent where they have no such form. */
  weights?(): Tensors
  dispose(): void
}

import type * as tf from '@tensorflow/tfjs-core'
import type { NetworkEnds } from './networks/network.ts'

/** Examples of one part of the data, in memory. */
export interface Examples {
  readonly count: number
  /** Those of the given numbers as [their count, ...input]. The caller disposes of it. */
  readonly inputs: (indices: readonly number[]) => tf.Tensor
  /** What the objective compares outputs with: equally many numbers for each of them. */
  readonly answers: (indices: readonly number[]) => ArrayLike<number>
}

/** Examples to train on, which may be changed at random: as {@link Examples.inputs}, of step number `step`. */
export interface TrainingExamples extends Examples {
  readonly changed?: (indices: readonly number[], step: number) => tf.Tensor
}

/** All parts of the data. */
export interface ExampleSets extends NetworkEnds {
  readonly train: TrainingExamples
  readonly validation: Examples
  readonly test: Examples
}

import * as tf from '@tensorflow/tfjs-core'
import type { Shape } from './networks/layer-kind.ts'
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

/** Examples whose numbers lie one after the other: `values` [count, ...shape], `answers` equally many for each. */
export function examplesOf(
  values: Float32Array,
  shape: Shape,
  answers: ArrayLike<number>,
): Examples {
  const size = shape.reduce((product, extent) => product * extent, 1)
  const count = values.length / size
  return {
    count,
    inputs: (indices) => {
      const chosen = new Float32Array(indices.length * size)
      for (const [position, index] of indices.entries())
        chosen.set(values.subarray(index * size, (index + 1) * size), position * size)
      return tf.tensor(chosen, [indices.length, ...shape])
    },
    answers: answersAt(answers, count),
  }
}

/** Of `answers`, equally many for each of `count` examples, those of the given ones. */
export function answersAt(answers: ArrayLike<number>, count: number): Examples['answers'] {
  const each = answers.length / count
  return (indices) =>
    indices.flatMap((index) => Array.from({ length: each }, (_, at) => answers[index * each + at]!))
}

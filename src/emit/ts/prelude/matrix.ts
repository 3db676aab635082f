import * as tf from '@tensorflow/tfjs-core'
import {
  eigenvectorMatrix,
  inverseRootMatrix,
} from '../../../operators/linear-algebra/inverse-root.ts'
import { orthonormalColumns } from '../../../operators/linear-algebra/orthonormal.ts'
import type { NamedTensor } from './saved-run.ts'
import { gradientPairs } from './steps.ts'

/** How many inputs a parameter has: all its axes but the last, multiplied. */
export function countInputs({ shape }: tf.Tensor): number {
  return shape.slice(0, -1).reduce((count, length) => count * length, 1)
}

/** How many outputs a parameter has: the length of its last axis. */
export function countOutputs({ shape }: tf.Tensor): number {
  return shape.at(-1) ?? 1
}

/** What there is one of for each element of `w`, as a matrix of inputs and outputs. */
export function asMatrix(x: tf.Tensor, w: tf.Tensor): tf.Tensor2D {
  return tf.reshape(x, [countInputs(w), countOutputs(w)])
}

/** The sum of the numbers on the diagonal of a square matrix. */
export function tensorTrace(x: tf.Tensor): tf.Tensor {
  const [rows = 0] = x.shape
  // Each number of the diagonal stands as many places behind the one before as a row has, and one more.
  const diagonal = tf.stridedSlice(tf.reshape(x, [x.size]), [0], [x.size], [rows + 1])
  return tf.sum(diagonal)
}

/** A symmetric, positive semidefinite matrix to the power -1/p, on the host in 64 bits. */
export function tensorInverseRoot(x: tf.Tensor, p: number): tf.Tensor2D {
  const [rows = 0] = x.shape
  return tf.tensor2d(Float32Array.from(inverseRootMatrix(x.dataSync(), rows, p)), [rows, rows])
}

/** The eigenvectors of a symmetric matrix as columns, that of the largest eigenvalue first, on the host in 64 bits. */
export function tensorEigenvectors(x: tf.Tensor): tf.Tensor2D {
  const [rows = 0] = x.shape
  return tf.tensor2d(Float32Array.from(eigenvectorMatrix(x.dataSync(), rows)), [rows, rows])
}

/** Q of the QR decomposition of a matrix, on the host in 64 bits. */
export function tensorOrthonormal(x: tf.Tensor): tf.Tensor2D {
  const [rows = 0, columns = 0] = x.shape
  const values = orthonormalColumns(x.dataSync(), rows, columns)
  return tf.tensor2d(Float32Array.from(values), [rows, columns])
}

/** How long an axis of a parameter may be, and for the sake of what. */
export type SideLimit = readonly [axis: 'inputs' | 'outputs', longest: number, reason: string]

/** Throws an Error, before anything is changed, where an axis of a variable is longer than the rule takes. */
export function checkSides(
  owner: string,
  gradients: tf.NamedTensorMap | NamedTensor[],
  limitsOf: (w: tf.Variable) => readonly SideLimit[],
): void {
  for (const { w } of gradientPairs(gradients)) {
    for (const [axis, longest, reason] of limitsOf(w)) {
      const length = axis === 'inputs' ? countInputs(w) : countOutputs(w)
      if (length > longest) {
        throw new Error(
          `${w.name} has ${length} ${axis}, and ${owner} takes at most ${longest}, ${reason}`,
        )
      }
    }
  }
}

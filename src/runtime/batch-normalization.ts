import * as tf from '@tensorflow/tfjs-core'
import { hasKernel, runKernel, runKernelForAll } from './kernel.ts'
import { swish, swishSlope } from './swish.ts'

/** What is done to a normalised value z: nothing, or z sigmoid(z). */
export const NORMALIZED_ACTIVATIONS = ['identity', 'swish'] as const

export type NormalizedActivation = (typeof NORMALIZED_ACTIVATIONS)[number]

/** How it is normalised. */
export interface Normalization {
  readonly activation: NormalizedActivation
  /** Added to the variance. */
  readonly epsilon: number
}

/** Kernels a backend may have for {@link normalize}, its gradient and {@link normalizeWith}; elsewhere they are composed of tfjs's own. */
export const NORMALIZE = 'OptcNormalize'
export const NORMALIZE_GRADIENT = 'OptcNormalizeGradient'
export const NORMALIZE_WITH = 'OptcNormalizeWith'

/** One value per channel: learned scale and shift. */
export interface NormalizationParameters {
  readonly gamma: tf.Tensor1D
  readonly beta: tf.Tensor1D
}

/** Averages over past batches, one value per channel. */
export interface MovingAverages {
  readonly mean: tf.Tensor1D
  readonly variance: tf.Tensor1D
}

/** What {@link normalize} gives: its output, what its gradient needs, and the averages' next values. */
export interface Normalized {
  /** The shape of the input. */
  readonly output: tf.Tensor
  /** Per channel: mean and 1 / sqrt(variance + epsilon) of this batch. */
  readonly mean: tf.Tensor1D
  readonly inverseDeviation: tf.Tensor1D
  readonly moving: MovingAverages
}

/**
 * Batch normalisation over all axes but the last, then the activation of z = gamma (x - mean) / sqrt(variance + epsilon) + beta.
 * The variance is divided by the count. Each moving average becomes `share` of itself and 1 - share of the batch's value.
 * (Ioffe and Szegedy, arXiv 1502.03167; Ramachandran, Zoph and Le, arXiv 1710.05941.)
 */
export function normalize(
  x: tf.Tensor,
  parameters: NormalizationParameters,
  averages: MovingAverages,
  { activation, epsilon, share }: Normalization & { readonly share: number },
): Normalized {
  const { gamma, beta } = parameters
  if (hasKernel(NORMALIZE) && inVectors(x)) {
    const inputs = { x, gamma, beta, movingMean: averages.mean, movingVariance: averages.variance }
    const [output, mean, inverseDeviation, movingMean, movingVariance] = runKernelForAll(
      NORMALIZE,
      inputs,
      { activation, epsilon, share },
    ) as [tf.Tensor, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D]
    return {
      output,
      mean,
      inverseDeviation,
      moving: { mean: movingMean, variance: movingVariance },
    }
  }
  const rows = asRows(x)
  const mean = columnMean(rows)
  const centered: tf.Tensor2D = tf.sub(rows, mean)
  const variance = columnMean(tf.square(centered))
  const inverseDeviation: tf.Tensor1D = tf.rsqrt(tf.add(variance, epsilon))
  const z = tf.add(tf.mul(centered, tf.mul(inverseDeviation, gamma)), beta)
  const follow = (average: tf.Tensor1D, value: tf.Tensor1D): tf.Tensor1D =>
    tf.add(tf.mul(average, share), tf.mul(value, 1 - share))
  return {
    output: tf.reshape(activated(z, activation), x.shape),
    mean,
    inverseDeviation,
    moving: {
      mean: follow(averages.mean, mean),
      variance: follow(averages.variance, variance),
    },
  }
}

/** Gradients of {@link normalize} with respect to its input, gamma and beta, for the gradient `dy` of its output. */
export function normalizeGradient(
  dy: tf.Tensor,
  x: tf.Tensor,
  parameters: NormalizationParameters,
  forward: Pick<Normalized, 'mean' | 'inverseDeviation'>,
  activation: NormalizedActivation,
): { readonly x: tf.Tensor; readonly gamma: tf.Tensor1D; readonly beta: tf.Tensor1D } {
  const { gamma, beta } = parameters
  const { mean, inverseDeviation } = forward
  if (hasKernel(NORMALIZE_GRADIENT) && inVectors(x)) {
    const inputs = { dy, x, gamma, beta, mean, inverseDeviation }
    const [dx, dGamma, dBeta] = runKernelForAll(NORMALIZE_GRADIENT, inputs, { activation }) as [
      tf.Tensor,
      tf.Tensor1D,
      tf.Tensor1D,
    ]
    return { x: dx, gamma: dGamma, beta: dBeta }
  }
  const normal = tf.mul(tf.sub(asRows(x), mean), inverseDeviation)
  const z = tf.add(tf.mul(normal, gamma), beta)
  const slopes = asRows(dy)
  const dz: tf.Tensor2D = activation === 'swish' ? tf.mul(slopes, swishSlope(z)) : slopes
  const dBeta = columnSum(dz)
  const dGamma = columnSum(tf.mul(dz, normal))
  const pulled = tf.sub(dz, tf.div(tf.add(dBeta, tf.mul(normal, dGamma)), dz.shape[0]))
  const dx = tf.mul(pulled, tf.mul(gamma, inverseDeviation))
  return { x: tf.reshape(dx, x.shape), gamma: dGamma, beta: dBeta }
}

/** {@link normalize} with the moving averages instead of the batch's values, for evaluation. */
export function normalizeWith(
  x: tf.Tensor,
  { gamma, beta }: NormalizationParameters,
  averages: MovingAverages,
  { activation, epsilon }: Normalization,
): tf.Tensor {
  if (hasKernel(NORMALIZE_WITH) && inVectors(x)) {
    const { mean, variance } = averages
    const inputs = { x, gamma, beta, mean, variance }
    return runKernel(NORMALIZE_WITH, inputs, { activation, epsilon })
  }
  const scale = tf.mul(gamma, tf.rsqrt(tf.add(averages.variance, epsilon)))
  const z = tf.add(tf.mul(asRows(x), scale), tf.sub(beta, tf.mul(averages.mean, scale)))
  return tf.reshape(activated(z, activation), x.shape)
}

const activated = (z: tf.Tensor, activation: NormalizedActivation): tf.Tensor =>
  activation === 'swish' ? swish(z) : z

/** The kernels take four channels at a time. */
const inVectors = (x: tf.Tensor): boolean => (x.shape.at(-1) ?? 1) % 4 === 0

const asRows = (x: tf.Tensor): tf.Tensor2D => tf.reshape(x, [-1, x.shape.at(-1) ?? 1])

const columnSum = (rows: tf.Tensor2D): tf.Tensor1D => tf.sum(rows, 0)

const columnMean = (rows: tf.Tensor2D): tf.Tensor1D => tf.mean(rows, 0)

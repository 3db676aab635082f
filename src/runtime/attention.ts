import * as tf from '@tensorflow/tfjs-core'
import { hasKernel, runKernel, runKernelForAll } from './kernel.ts'

/** Kernels a backend may have for {@link attend} and its gradient; elsewhere they are composed of tfjs's own. */
export const ATTENTION = 'OptcAttention'
export const ATTENTION_GRADIENT = 'OptcAttentionGradient'

/** What {@link attend} gives. */
export interface AttentionPass {
  /** [batch, positions, heads * size]: what each head gives, one head after the other. */
  readonly output: tf.Tensor3D
  /** How much each position takes of each before it and of itself, [batch * heads, positions, positions]. */
  readonly shares: tf.Tensor3D
}

/**
 * Causal attention of several heads: softmax(q k^T / sqrt(size)) v, of which each position sees itself and those before it (Vaswani
 * et al., arXiv 1706.03762). q and k are first turned by their positions: of each pair (x[i], x[i + size/2]) by the angle position
 * / 10000^(2i/size), so that products depend on distances (Su et al., arXiv 2104.09864). `parts` [batch, positions, 3 heads size]:
 * q of all heads, then k, then v. The size is even.
 */
export function attend(parts: tf.Tensor3D, heads: number): AttentionPass {
  if (hasKernel(ATTENTION) && inVectors(parts, heads)) {
    const [output, shares] = runKernelForAll(ATTENTION, { parts }, { heads }) as [
      tf.Tensor3D,
      tf.Tensor3D,
    ]
    return { output, shares }
  }
  const [, positions] = parts.shape
  const { q, k, v, size } = turned(parts, heads)
  const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(size))
  const shares: tf.Tensor3D = tf.softmax(tf.add(scores, causalMask(positions)))
  return { output: joined([tf.matMul(shares, v)], parts.shape[0], heads), shares }
}

/** Gradient of {@link attend} with respect to `parts`, for the gradient `dy` of its output. */
export function attendGradient(
  dy: tf.Tensor3D,
  { shares }: AttentionPass,
  parts: tf.Tensor3D,
  heads: number,
): tf.Tensor3D {
  if (hasKernel(ATTENTION_GRADIENT) && inVectors(parts, heads))
    return runKernel<tf.Rank.R3>(ATTENTION_GRADIENT, { dy, shares, parts }, { heads })
  const [batch] = parts.shape
  const { q, k, v, size } = turned(parts, heads)
  const [dOutput] = divided(dy, 1, heads)
  const dShares = tf.matMul(dOutput!, v, false, true)
  const taken = tf.mul(dShares, shares)
  const dScores: tf.Tensor3D = tf.mul(
    tf.sub(taken, tf.mul(shares, tf.sum(taken, 2, true))),
    1 / Math.sqrt(size),
  )
  const dq = rotate(tf.matMul(dScores, k), -1)
  const dk = rotate(tf.matMul(dScores, q, true, false), -1)
  return joined([dq, dk, tf.matMul(shares, dOutput!, true, false)], batch, heads)
}

/** Whether rows of positions and of a head are whole vectors of four. */
const inVectors = ({ shape: [, positions, width] }: tf.Tensor3D, heads: number): boolean =>
  positions % 4 === 0 && (width / (3 * heads)) % 4 === 0

function turned(parts: tf.Tensor3D, heads: number) {
  const [q, k, v] = divided(parts, 3, heads) as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D]
  return { q: rotate(q, 1), k: rotate(k, 1), v, size: v.shape[2] }
}

/** [batch, positions, count * heads * size] as `count` tensors [batch * heads, positions, size]. */
function divided(x: tf.Tensor3D, count: number, heads: number): tf.Tensor3D[] {
  const [batch, positions, width] = x.shape
  const size = width / (count * heads)
  const apart = tf.transpose(tf.reshape(x, [batch, positions, count, heads, size]), [2, 0, 3, 1, 4])
  return tf.unstack(tf.reshape(apart, [count, batch * heads, positions, size])) as tf.Tensor3D[]
}

/** The inverse of {@link divided}. */
function joined(parts: readonly tf.Tensor3D[], batch: number, heads: number): tf.Tensor3D {
  const [, positions, size] = parts[0]!.shape
  const together = tf.reshape(tf.stack([...parts]), [parts.length, batch, heads, positions, size])
  const width = parts.length * heads * size
  return tf.reshape(tf.transpose(together, [1, 3, 0, 2, 4]), [batch, positions, width])
}

/** What comes before the softmax where a later position would be seen: its exponential is 0. */
const UNSEEN = -1e30

/** [positions, positions], added to scores. */
function causalMask(positions: number): tf.Tensor2D {
  const values = new Float32Array(positions * positions)
  for (let position = 0; position < positions; position++)
    values.fill(UNSEEN, position * positions + position + 1, (position + 1) * positions)
  return tf.tensor2d(values, [positions, positions])
}

/** Turns the pairs of [heads, positions, size], or back where `direction` is -1. */
function rotate(x: tf.Tensor3D, direction: 1 | -1): tf.Tensor3D {
  const [, positions, size] = x.shape
  const { cosines, sines } = rotaryTables(positions, size)
  const cosine = tf.tensor2d(cosines, [positions, size / 2])
  const sine = tf.mul(tf.tensor2d(sines, [positions, size / 2]), direction)
  const [first, second] = tf.split(x, 2, 2) as [tf.Tensor3D, tf.Tensor3D]
  return tf.concat(
    [
      tf.sub(tf.mul(first, cosine), tf.mul(second, sine)) as tf.Tensor3D,
      tf.add(tf.mul(first, sine), tf.mul(second, cosine)) as tf.Tensor3D,
    ],
    2,
  )
}

const ROTARY_BASE = 10_000

/** Cosine and sine of the angles of [positions, size / 2]. */
export function rotaryTables(
  positions: number,
  size: number,
): { readonly cosines: Float32Array; readonly sines: Float32Array } {
  const half = size / 2
  const cosines = new Float32Array(positions * half)
  const sines = new Float32Array(positions * half)
  for (let index = 0; index < cosines.length; index++) {
    const angle = Math.floor(index / half) * ROTARY_BASE ** ((-2 * (index % half)) / size)
    cosines[index] = Math.cos(angle)
    sines[index] = Math.sin(angle)
  }
  return { cosines, sines }
}

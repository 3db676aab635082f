import * as tf from '@tensorflow/tfjs-core'

/** What comes before the softmax where a later position would be seen: its exponential is 0. */
const UNSEEN = -1e30

/** What {@link causalAttention} gives. */
export interface AttentionPass {
  /** [heads, positions, size]. */
  readonly output: tf.Tensor3D
  /** How much each position takes of each before it and of itself, [heads, positions, positions]. */
  readonly shares: tf.Tensor3D
}

/**
 * softmax(q k^T / sqrt(size)) v of which each position sees itself and those before it. `q`, `k` and `v` are [heads, positions, size], where
 * those of all examples are heads. (Vaswani et al., arXiv 1706.03762.)
 */
export function causalAttention(q: tf.Tensor3D, k: tf.Tensor3D, v: tf.Tensor3D): AttentionPass {
  const [, positions, size] = q.shape
  const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(size))
  const shares: tf.Tensor3D = tf.softmax(tf.add(scores, causalMask(positions)))
  return { output: tf.matMul(shares, v), shares }
}

/** Gradients of {@link causalAttention} with respect to q, k and v, for the gradient `dy` of its output. */
export function causalAttentionGradient(
  dy: tf.Tensor3D,
  { shares }: AttentionPass,
  q: tf.Tensor3D,
  k: tf.Tensor3D,
  v: tf.Tensor3D,
): readonly [dq: tf.Tensor3D, dk: tf.Tensor3D, dv: tf.Tensor3D] {
  const dShares = tf.matMul(dy, v, false, true)
  const taken = tf.mul(dShares, shares)
  const dScores: tf.Tensor3D = tf.mul(
    tf.sub(taken, tf.mul(shares, tf.sum(taken, 2, true))),
    1 / Math.sqrt(q.shape[2]),
  )
  return [
    tf.matMul(dScores, k),
    tf.matMul(dScores, q, true, false),
    tf.matMul(shares, dy, true, false),
  ]
}

/** [positions, positions], added to scores. */
function causalMask(positions: number): tf.Tensor2D {
  const values = new Float32Array(positions * positions)
  for (let position = 0; position < positions; position++)
    values.fill(UNSEEN, position * positions + position + 1, (position + 1) * positions)
  return tf.tensor2d(values, [positions, positions])
}

/**
 * Turns each pair (x[i], x[i + size/2]) of a position's numbers by the angle position / 10000^(2i/size), `direction` 1, or back, -1, so that
 * products of what is turned depend on distances. `x` [heads, positions, size], its size even. (Su et al., arXiv 2104.09864.)
 */
export function rotate(x: tf.Tensor3D, direction: 1 | -1): tf.Tensor3D {
  const [, positions, size] = x.shape
  const half = size / 2
  const cosines = new Float32Array(positions * half)
  const sines = new Float32Array(positions * half)
  for (let index = 0; index < cosines.length; index++) {
    const angle = Math.floor(index / half) * ROTARY_BASE ** ((-2 * (index % half)) / size)
    cosines[index] = Math.cos(angle)
    sines[index] = direction * Math.sin(angle)
  }
  const cosine = tf.tensor2d(cosines, [positions, half])
  const sine = tf.tensor2d(sines, [positions, half])
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

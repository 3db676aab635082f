import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { causalAttention, causalAttentionGradient, rotate } from '../../../runtime/attention.ts'
import { asRows, type Layer } from '../layer.ts'
import {
  count,
  layerName,
  scaled,
  wantsRank,
  type LayerKind,
  type LayerPlace,
  type NamedSpec,
} from '../layer-kind.ts'
import { SEQUENCES } from './lstm.ts'

export interface AttentionSpec extends NamedSpec {
  readonly kind: 'attention'
  readonly heads: number
  /** Numbers of a head, even. */
  readonly headSize: number
}

export const attention: LayerKind<AttentionSpec> = {
  summary:
    'causal self-attention over the rows of an example, with rotary positions and without biases; Glorot uniform weights (arXiv 1706.03762, 2104.09864)',
  schema: z.strictObject({
    kind: z.literal('attention'),
    name: layerName,
    heads: count,
    headSize: count.multipleOf(2, 'expected an even number'),
  }),
  shape: (_, input) => wantsRank(input, [2], SEQUENCES) ?? input,
  work: ({ heads, headSize }, [positions = 0, features = 0]) =>
    heads * headSize * positions * (4 * features + 2 * positions),
  widened: (spec, factor) => ({ ...spec, headSize: 2 * scaled(spec.headSize / 2, factor) }),
  build: (spec, place) => attentionLayer(spec, place),
}

/** q, k and v. */
type Three = [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D]

function attentionLayer(
  { heads, headSize }: AttentionSpec,
  { name, make, input: [, features = 0] }: LayerPlace,
): Layer {
  const inner = heads * headSize
  const kernel = make.glorot(`${name}/kernel`, [features, 3 * inner]) as tf.Variable<tf.Rank.R2>
  const output = make.glorot(`${name}/output`, [inner, features]) as tf.Variable<tf.Rank.R2>

  /** [batch * positions, 3 inner] to q, k and v, each [batch * heads, positions, size]. */
  const divided = (rows: tf.Tensor, batch: number): Three => {
    const apart = tf.transpose(tf.reshape(rows, [batch, -1, 3, heads, headSize]), [2, 0, 3, 1, 4])
    const positions = apart.shape[3]!
    return tf.unstack(tf.reshape(apart, [3, batch * heads, positions, headSize])) as Three
  }
  /** Of each of [batch * heads, positions, size] the way back to [batch * positions, their number * inner]. */
  const joined = (parts: readonly tf.Tensor[], batch: number): tf.Tensor2D => {
    const together = tf.reshape(tf.stack([...parts]), [parts.length, batch, heads, -1, headSize])
    return tf.reshape(tf.transpose(together, [1, 3, 0, 2, 4]), [-1, parts.length * inner])
  }
  const forward = (x: tf.Tensor) => {
    const batch = x.shape[0]!
    const rows = asRows(x)
    const [plainQ, plainK, v] = divided(tf.matMul(rows, kernel), batch)
    const [q, k] = [rotate(plainQ, 1), rotate(plainK, 1)]
    const pass = causalAttention(q, k, v)
    const mixed = joined([pass.output], batch)
    const result = tf.reshape(tf.matMul(mixed, output), x.shape)
    return { result, rows, q, k, v, pass, mixed }
  }
  return {
    name,
    parameters: [kernel, output],
    state: [],
    infer: (x) => forward(x).result,
    train: (x) => {
      const { result, rows, q, k, v, pass, mixed } = forward(x)
      const batch = x.shape[0]!
      return {
        output: result,
        backward: (dy, inputWanted) => {
          const slopes = asRows(dy)
          const dMixed = tf.matMul(slopes, output, false, true)
          const apart = tf.reshape(dMixed, [batch, -1, heads, headSize])
          const dOutput = tf.reshape(tf.transpose(apart, [0, 2, 1, 3]), v.shape) as tf.Tensor3D
          const [dq, dk, dv] = causalAttentionGradient(dOutput, pass, q, k, v)
          const dRows = joined([rotate(dq, -1), rotate(dk, -1), dv], batch)
          return {
            parameters: [
              tf.matMul(rows, dRows, true, false),
              tf.matMul(mixed, slopes, true, false),
            ],
            ...(inputWanted && {
              input: tf.reshape(tf.matMul(dRows, kernel, false, true), x.shape),
            }),
          }
        },
      }
    },
  }
}

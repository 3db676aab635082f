import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { attend, attendGradient } from '../../../runtime/attention.ts'
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

function attentionLayer(
  { heads, headSize }: AttentionSpec,
  { name, make, input: [, features = 0] }: LayerPlace,
): Layer {
  const inner = heads * headSize
  const kernel = make.glorot(`${name}/kernel`, [features, 3 * inner]) as tf.Variable<tf.Rank.R2>
  const output = make.glorot(`${name}/output`, [inner, features]) as tf.Variable<tf.Rank.R2>
  const forward = (x: tf.Tensor) => {
    const [batch = 0, positions = 0] = x.shape
    const rows = asRows(x)
    const parts = tf.reshape(tf.matMul(rows, kernel), [batch, positions, 3 * inner]) as tf.Tensor3D
    const pass = attend(parts, heads)
    const mixed = asRows(pass.output)
    return { result: tf.reshape(tf.matMul(mixed, output), x.shape), rows, parts, pass, mixed }
  }
  return {
    name,
    parameters: [kernel, output],
    state: [],
    infer: (x) => forward(x).result,
    train: (x) => {
      const { result, rows, parts, pass, mixed } = forward(x)
      return {
        output: result,
        backward: (dy, inputWanted) => {
          const slopes = asRows(dy)
          const dMixed = tf.reshape(
            tf.matMul(slopes, output, false, true),
            pass.output.shape,
          ) as tf.Tensor3D
          const dParts = asRows(attendGradient(dMixed, pass, parts, heads))
          return {
            parameters: [
              tf.matMul(rows, dParts, true, false),
              tf.matMul(mixed, slopes, true, false),
            ],
            ...(inputWanted && {
              input: tf.reshape(tf.matMul(dParts, kernel, false, true), x.shape),
            }),
          }
        },
      }
    },
  }
}

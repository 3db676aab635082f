import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { globalAverage, globalAverageGradient } from '../../../runtime/pooling.ts'
import { swish, swishSlope } from '../../../runtime/swish.ts'
import type { Layer } from '../layer.ts'
import {
  count,
  IMAGES,
  layerName,
  scaled,
  wantsRank,
  type LayerKind,
  type LayerPlace,
  type NamedSpec,
} from '../layer-kind.ts'

export interface SqueezeExciteSpec extends NamedSpec {
  readonly kind: 'squeezeExcite'
  /** Numbers that an image is squeezed to. */
  readonly units: number
}

export const squeezeExcite: LayerKind<SqueezeExciteSpec> = {
  summary:
    'channels of an image times sigmoid(swish(m W1 + b1) W2 + b2), m being their means and W1 giving `units` numbers (Hu, Shen and Sun, arXiv 1709.01507)',
  schema: z.strictObject({ kind: z.literal('squeezeExcite'), name: layerName, units: count }),
  shape: (_, input) => wantsRank(input, [3], IMAGES) ?? input,
  work: ({ units }, input) => 2 * units * input[2]!,
  widened: (spec, factor) => ({ ...spec, units: scaled(spec.units, factor) }),
  build: ({ units }, place) => squeezeExciteLayer(units, place),
}

function squeezeExciteLayer(units: number, { name, make, input }: LayerPlace): Layer {
  const channels = input[2]!
  const dense = (
    part: string,
    from: number,
    to: number,
  ): [tf.Variable<tf.Rank.R2>, tf.Variable<tf.Rank.R1>] => [
    make.glorot(`${name}/${part}/kernel`, [from, to]) as tf.Variable<tf.Rank.R2>,
    make.constant(`${name}/${part}/bias`, [to], 0) as tf.Variable<tf.Rank.R1>,
  ]
  const [reduce, reduceBias] = dense('reduce', channels, units)
  const [expand, expandBias] = dense('expand', units, channels)
  const pass = (
    x: tf.Tensor4D,
  ): Readonly<Record<'means' | 'z' | 'squeezed' | 'gate', tf.Tensor2D>> => {
    const means = globalAverage(x)
    const z = tf.add<tf.Tensor2D>(tf.matMul(means, reduce), reduceBias)
    const squeezed = swish(z) as tf.Tensor2D
    const gate = tf.sigmoid<tf.Tensor2D>(tf.add(tf.matMul(squeezed, expand), expandBias))
    return { means, z, squeezed, gate }
  }
  const perImage = (values: tf.Tensor2D): tf.Tensor4D =>
    tf.reshape(values, [values.shape[0], 1, 1, channels])
  return {
    name,
    parameters: [reduce, reduceBias, expand, expandBias],
    state: [],
    infer: (x) => tf.mul(x, perImage(pass(x as tf.Tensor4D).gate)),
    train: (x) => {
      const { means, z, squeezed, gate } = pass(x as tf.Tensor4D)
      return {
        output: tf.mul(x, perImage(gate)),
        backward: (dy) => {
          const ofGate = tf.sum(tf.mul(dy, x) as tf.Tensor4D, [1, 2]) as tf.Tensor2D
          const slope: tf.Tensor2D = tf.mul(gate, tf.sub(1, gate))
          const ofExcited: tf.Tensor2D = tf.mul(ofGate, slope)
          const ofSqueezed = tf.matMul(ofExcited, expand, false, true)
          const ofZ: tf.Tensor2D = tf.mul(ofSqueezed, swishSlope(z))
          const ofMeans: tf.Tensor2D = tf.matMul(ofZ, reduce, false, true)
          return {
            input: tf.add(
              tf.mul(dy, perImage(gate)),
              globalAverageGradient(ofMeans, (x as tf.Tensor4D).shape),
            ),
            parameters: [
              tf.matMul(means, ofZ, true, false),
              tf.sum(ofZ, 0),
              tf.matMul(squeezed, ofExcited, true, false),
              tf.sum(ofExcited, 0),
            ],
          }
        },
      }
    },
  }
}

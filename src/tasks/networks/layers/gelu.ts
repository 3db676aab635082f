import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { plainLayer } from '../layer.ts'
import { layerName, type LayerKind, type NamedSpec } from '../layer-kind.ts'

export interface GeluSpec extends NamedSpec {
  readonly kind: 'gelu'
}

const SCALE = Math.sqrt(2 / Math.PI)
const CUBIC = 0.044715

export const gelu: LayerKind<GeluSpec> = {
  summary:
    'x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), near x times the normal distribution of x (arXiv 1606.08415)',
  schema: z.strictObject({ kind: z.literal('gelu'), name: layerName }),
  shape: (_, input) => input,
  build: (_, { name }) => {
    const bend = (x: tf.Tensor): tf.Tensor =>
      tf.tanh(tf.mul(x, tf.add(SCALE, tf.mul(tf.square(x), SCALE * CUBIC))))
    const output = (x: tf.Tensor, bent: tf.Tensor): tf.Tensor =>
      tf.mul(tf.mul(x, 0.5), tf.add(bent, 1))
    return plainLayer(name, {
      infer: (x) => output(x, bend(x)),
      train: (x) => {
        const bent = bend(x)
        return {
          output: output(x, bent),
          backward: (dy) => {
            const inner = tf.add(SCALE, tf.mul(tf.square(x), 3 * SCALE * CUBIC))
            const turning = tf.mul(tf.mul(x, inner), tf.sub(1, tf.square(bent)))
            const slope = tf.mul(tf.add(tf.add(bent, 1), turning), 0.5)
            return { input: tf.mul(dy, slope), parameters: [] }
          },
        }
      },
    })
  },
}

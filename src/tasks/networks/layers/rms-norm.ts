import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { columnSums } from '../../../runtime/column-sums.ts'
import type { Layer } from '../layer.ts'
import { layerName, type LayerKind, type LayerPlace, type NamedSpec } from '../layer-kind.ts'

export interface RmsNormSpec extends NamedSpec {
  readonly kind: 'rmsNorm'
}

/** Added to the mean square. */
const EPSILON = 1e-5

export const rmsNorm: LayerKind<RmsNormSpec> = {
  summary:
    'divides by the root of the mean square over the last axis, then scales each of its numbers; scales begin with 1 (arXiv 1910.07467)',
  schema: z.strictObject({ kind: z.literal('rmsNorm'), name: layerName }),
  shape: (_, input) => input,
  build: (_, place) => rmsNormLayer(place),
}

function rmsNormLayer({ name, make, input }: LayerPlace): Layer {
  const gain = make.constant(`${name}/gain`, [input.at(-1)!], 1)
  /** x divided by its root of the mean square, and 1 over that. */
  const normalized = (x: tf.Tensor): { readonly unit: tf.Tensor; readonly inverse: tf.Tensor } => {
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), EPSILON))
    return { unit: tf.mul(x, inverse), inverse }
  }
  return {
    name,
    parameters: [gain],
    state: [],
    infer: (x) => tf.mul(normalized(x).unit, gain),
    train: (x) => {
      const { unit, inverse } = normalized(x)
      return {
        output: tf.mul(unit, gain),
        backward: (dy, inputWanted) => {
          const parameters = [columnSums(tf.mul(dy, unit))]
          if (!inputWanted) return { parameters }
          const slopes = tf.mul(dy, gain)
          const along = tf.mean(tf.mul(slopes, unit), -1, true)
          return { parameters, input: tf.mul(tf.sub(slopes, tf.mul(unit, along)), inverse) }
        },
      }
    },
  }
}

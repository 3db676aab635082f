import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { plainLayer } from '../layer.ts'
import { layerName, type LayerKind, type NamedSpec } from '../layer-kind.ts'

export interface RectifierSpec extends NamedSpec {
  readonly kind: 'rectifier'
}

export const rectifier: LayerKind<RectifierSpec> = {
  summary: 'max(x, 0), elementwise',
  schema: z.strictObject({ kind: z.literal('rectifier'), name: layerName }),
  shape: (_, input) => input,
  build: (_, { name }) =>
    plainLayer(name, {
      stage: () => ({ kind: 'rectifier' }),
      infer: (x) => tf.relu(x),
      train: (x) => {
        const output = tf.relu(x)
        return {
          output,
          backward: (dy) => ({ input: tf.mul(dy, tf.step(output)), parameters: [] }),
        }
      },
    }),
}

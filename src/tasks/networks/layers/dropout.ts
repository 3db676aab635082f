import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { plainLayer } from '../layer.ts'
import { layerName, type LayerKind, type NamedSpec } from '../layer-kind.ts'
import { writeDropoutMask } from './dropout-mask.ts'

export interface DropoutSpec extends NamedSpec {
  readonly kind: 'dropout'
  /** From 0 to below 1. */
  readonly rate: number
}

export const dropout: LayerKind<DropoutSpec> = {
  summary:
    'sets each element to 0 with probability `rate`, scales the others by 1/(1-rate); the identity in evaluation',
  schema: z.strictObject({
    kind: z.literal('dropout'),
    name: layerName,
    rate: z.number().min(0).lt(1),
  }),
  shape: (_, input) => input,
  build: ({ rate }, { name }) =>
    plainLayer(name, {
      stage: (key) => ({
        kind: 'dropout',
        mask: (step, factors) => writeDropoutMask(factors, rate, key, step),
      }),
      infer: (x) => tf.clone(x),
      train: (x, { step, key }) => {
        const factors = new Float32Array(x.size)
        writeDropoutMask(factors, rate, key, step)
        const mask = tf.tensor(factors, x.shape)
        return {
          output: tf.mul(x, mask),
          backward: (dy) => ({ input: tf.mul(dy, mask), parameters: [] }),
        }
      },
    }),
}

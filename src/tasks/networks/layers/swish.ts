import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { swish as activate, swishSlope } from '../../../runtime/swish.ts'
import { plainLayer } from '../layer.ts'
import { layerName, type LayerKind, type NamedSpec } from '../layer-kind.ts'

export interface SwishSpec extends NamedSpec {
  readonly kind: 'swish'
}

export const swish: LayerKind<SwishSpec> = {
  summary:
    'x sigmoid(x), elementwise; behind a batch normalisation its `activation` does it in the same pass',
  schema: z.strictObject({ kind: z.literal('swish'), name: layerName }),
  shape: (_, input) => input,
  build: (_, { name }) =>
    plainLayer(name, {
      infer: activate,
      train: (x) => ({
        output: activate(x),
        backward: (dy) => ({ input: tf.mul(dy, swishSlope(x)), parameters: [] }),
      }),
    }),
}

import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { plainLayer } from '../layer.ts'
import { layerName, sizeOf, type LayerKind, type NamedSpec } from '../layer-kind.ts'

export interface FlattenSpec extends NamedSpec {
  readonly kind: 'flatten'
}

export const flatten: LayerKind<FlattenSpec> = {
  summary: 'all numbers of an example as one row',
  schema: z.strictObject({ kind: z.literal('flatten'), name: layerName }),
  shape: (_, input) => [sizeOf(input)],
  build: (_, { name, input }) => {
    const infer = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [-1, sizeOf(input)])
    return plainLayer(name, {
      stage: () => ({ kind: 'flatten' }),
      infer,
      train: (x) => ({
        output: infer(x),
        backward: (dy) => ({ input: tf.reshape(dy, x.shape), parameters: [] }),
      }),
    })
  },
}

import type * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { globalAverage as average, globalAverageGradient } from '../../../runtime/pooling.ts'
import { plainLayer } from '../layer.ts'
import { IMAGES, layerName, wantsRank, type LayerKind, type NamedSpec } from '../layer-kind.ts'

export interface GlobalAverageSpec extends NamedSpec {
  readonly kind: 'globalAverage'
}

export const globalAverage: LayerKind<GlobalAverageSpec> = {
  summary: 'the mean over height and width of an image: one number a channel',
  schema: z.strictObject({ kind: z.literal('globalAverage'), name: layerName }),
  shape: (_, input) => wantsRank(input, [3], IMAGES) ?? [input[2]!],
  build: (_, { name }) =>
    plainLayer(name, {
      stage: () => ({ kind: 'globalAverage' }),
      infer: (x) => average(x as tf.Tensor4D),
      train: (x) => ({
        output: average(x as tf.Tensor4D),
        backward: (dy) => ({
          input: globalAverageGradient(dy as tf.Tensor2D, (x as tf.Tensor4D).shape),
          parameters: [],
        }),
      }),
    }),
}

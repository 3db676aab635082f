import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { plainLayer } from '../layer.ts'
import { IMAGES, layerName, wantsRank, type LayerKind, type NamedSpec } from '../layer-kind.ts'

export interface RowsSpec extends NamedSpec {
  readonly kind: 'rows'
}

export const rows: LayerKind<RowsSpec> = {
  summary: 'an image as the sequence of its rows, each with all its pixels and channels',
  schema: z.strictObject({ kind: z.literal('rows'), name: layerName }),
  shape: (_, input) => wantsRank(input, [3], IMAGES) ?? [input[0]!, input[1]! * input[2]!],
  build: (_, { name, input: [height = 0, width = 0, channels = 0] }) => {
    const infer = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [-1, height, width * channels])
    return plainLayer(name, {
      infer,
      train: (x) => ({
        output: infer(x),
        backward: (dy) => ({ input: tf.reshape(dy, x.shape), parameters: [] }),
      }),
    })
  },
}

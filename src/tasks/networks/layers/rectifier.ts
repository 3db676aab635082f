import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { plainLayer } from '../layer.ts'
import { layerName, type LayerKind, type NamedSpec } from '../layer-kind.ts'

export interface RectifierSpec extends NamedSpec {
  readonly kind: 'rectifier'
  /** The largest output; none when absent. */
  readonly limit?: number
}

export const rectifier: LayerKind<RectifierSpec> = {
  summary: 'max(x, 0), elementwise, and no more than `limit` where one is given',
  schema: z.strictObject({
    kind: z.literal('rectifier'),
    name: layerName,
    limit: z.number().positive().exactOptional(),
  }),
  shape: (_, input) => input,
  build: ({ limit }, { name }) => {
    const infer = (x: tf.Tensor): tf.Tensor =>
      limit === undefined ? tf.relu(x) : tf.clipByValue(x, 0, limit)
    return plainLayer(name, {
      ...(limit === undefined && { stage: () => ({ kind: 'rectifier' }) }),
      infer,
      train: (x) => {
        const output = infer(x)
        return {
          output,
          backward: (dy) => {
            const inside = tf.step(output)
            const slope =
              limit === undefined ? inside : tf.mul(inside, tf.step(tf.sub(limit, output)))
            return { input: tf.mul(dy, slope), parameters: [] }
          },
        }
      },
    })
  },
}

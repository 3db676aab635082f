import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { threefry, type Key } from '../../../operators/random.ts'
import { plainLayer } from '../layer.ts'
import { layerName, type LayerKind, type NamedSpec } from '../layer-kind.ts'

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

/**
 * Writes factors, each 0 with probability `rate` to 16 bits, else 1/(1-rate): a function of key, step and position alone,
 * so that a run repeats on every machine.
 */
function writeDropoutMask(mask: Float32Array, rate: number, key: Key, step: number): void {
  mask.fill(1 / (1 - rate))
  const threshold = rate * 2 ** 16
  // Two words of 32 bits are four draws of 16.
  for (let start = 0; start < mask.length; start += 4) {
    const [first, second] = threefry(key, step, start)
    if ((first & 0xffff) < threshold) mask[start] = 0
    if (first >>> 16 < threshold) mask[start + 1] = 0
    if ((second & 0xffff) < threshold) mask[start + 2] = 0
    if (second >>> 16 < threshold) mask[start + 3] = 0
  }
}

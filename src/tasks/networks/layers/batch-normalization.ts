import type * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import {
  normalize,
  NORMALIZED_ACTIVATIONS,
  normalizeGradient,
  normalizeWith,
  type Normalized,
  type NormalizedActivation,
} from '../../../runtime/batch-normalization.ts'
import type { Layer } from '../layer.ts'
import { layerName, type LayerKind, type LayerPlace, type NamedSpec } from '../layer-kind.ts'

export interface BatchNormalizationSpec extends NamedSpec {
  readonly kind: 'batchNormalization'
  /** What is done with what is normalised, in the same pass; `identity` when absent. */
  readonly activation?: NormalizedActivation
  /** Added to the variance; Keras' 0.001 when absent. */
  readonly epsilon?: number
  /** Share of the old value in the moving averages, per step: 1 minus what PyTorch calls momentum; 0.9 when absent. */
  readonly momentum?: number
}

export const batchNormalization: LayerKind<BatchNormalizationSpec> = {
  summary:
    'batch normalisation over all axes but the last, then `activation`: identity or swish, x sigmoid(x); evaluated with moving averages',
  schema: z.strictObject({
    kind: z.literal('batchNormalization'),
    name: layerName,
    activation: z.enum(NORMALIZED_ACTIVATIONS).exactOptional(),
    epsilon: z.number().positive().exactOptional(),
    momentum: z.number().min(0).max(1).exactOptional(),
  }),
  shape: (_, input) => input,
  build: (spec, place) => batchNormalizationLayer(spec, place),
}

function batchNormalizationLayer(
  { activation = 'identity', epsilon = 1e-3, momentum = 0.9 }: BatchNormalizationSpec,
  { name, make, input }: LayerPlace,
): Layer {
  const channels = [input.at(-1)!]
  const gamma = make.constant(`${name}/gamma`, channels, 1) as tf.Variable<tf.Rank.R1>
  const beta = make.constant(`${name}/beta`, channels, 0) as tf.Variable<tf.Rank.R1>
  const mean = make.state(`${name}/moving_mean`, channels, 0) as tf.Variable<tf.Rank.R1>
  const variance = make.state(`${name}/moving_variance`, channels, 1) as tf.Variable<tf.Rank.R1>
  const parameters = { gamma, beta }
  const averages = { mean, variance }
  const follow = (x: tf.Tensor, share: number): Normalized => {
    const forward = normalize(x, parameters, averages, { activation, epsilon, share })
    mean.assign(forward.moving.mean)
    variance.assign(forward.moving.variance)
    return forward
  }
  return {
    name,
    parameters: [gamma, beta],
    state: [mean, variance],
    ...(activation === 'swish' && {
      stage: () =>
        ({ kind: 'normalizeSwish', ...parameters, averages, share: momentum, epsilon }) as const,
    }),
    infer: (x) => normalizeWith(x, parameters, averages, { activation, epsilon }),
    calibrate: (x) => follow(x, 0).output,
    train: (x) => {
      const forward = follow(x, momentum)
      return {
        output: forward.output,
        backward: (dy) => {
          const gradient = normalizeGradient(dy, x, parameters, forward, activation)
          return { input: gradient.x, parameters: [gradient.gamma, gradient.beta] }
        },
      }
    },
  }
}

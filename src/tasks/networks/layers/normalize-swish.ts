import type * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import {
  normalizeSwish as normalize,
  normalizeSwishGradient,
  normalizeSwishWith,
  type NormalizedSwish,
} from '../../../runtime/batch-normalization.ts'
import type { Layer } from '../layer.ts'
import { layerName, type LayerKind, type LayerPlace, type NamedSpec } from '../layer-kind.ts'

/** Share of the old value in the moving averages, per step. */
const MOVING_AVERAGE_SHARE = 0.9

export interface NormalizeSwishSpec extends NamedSpec {
  readonly kind: 'normalizeSwish'
}

export const normalizeSwish: LayerKind<NormalizeSwishSpec> = {
  summary:
    'batch normalisation over all axes but the last, then x sigmoid(x); evaluated with moving averages',
  schema: z.strictObject({ kind: z.literal('normalizeSwish'), name: layerName }),
  shape: (_, input) => input,
  build: (_, place) => normalizeSwishLayer(place),
}

function normalizeSwishLayer({ name, make, input }: LayerPlace): Layer {
  const channels = [input.at(-1)!]
  const gamma = make.constant(`${name}/gamma`, channels, 1) as tf.Variable<tf.Rank.R1>
  const beta = make.constant(`${name}/beta`, channels, 0) as tf.Variable<tf.Rank.R1>
  const mean = make.state(`${name}/moving_mean`, channels, 0) as tf.Variable<tf.Rank.R1>
  const variance = make.state(`${name}/moving_variance`, channels, 1) as tf.Variable<tf.Rank.R1>
  const parameters = { gamma, beta }
  const averages = { mean, variance }
  const follow = (x: tf.Tensor, share: number): NormalizedSwish => {
    const forward = normalize(x, parameters, averages, share)
    mean.assign(forward.moving.mean)
    variance.assign(forward.moving.variance)
    return forward
  }
  return {
    name,
    parameters: [gamma, beta],
    state: [mean, variance],
    stage: () => ({ kind: 'normalizeSwish', ...parameters, averages, share: MOVING_AVERAGE_SHARE }),
    infer: (x) => normalizeSwishWith(x, parameters, averages),
    calibrate: (x) => follow(x, 0).output,
    train: (x) => {
      const forward = follow(x, MOVING_AVERAGE_SHARE)
      return {
        output: forward.output,
        backward: (dy) => {
          const gradient = normalizeSwishGradient(dy, x, parameters, forward)
          return { input: gradient.x, parameters: [gradient.gamma, gradient.beta] }
        },
      }
    },
  }
}

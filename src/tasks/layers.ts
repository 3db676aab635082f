import * as tf from '@tensorflow/tfjs-core'
import { threefry, type Key } from '../operators/random.ts'
import {
  normalizeSwish,
  normalizeSwishGradient,
  normalizeSwishWith,
  type NormalizedSwish,
} from '../runtime/batch-normalization.ts'
import {
  convolution,
  convolutionFilterGradient,
  convolutionInputGradient,
  type FilterShape,
} from '../runtime/convolution.ts'
import { globalAverage, globalAverageGradient } from '../runtime/pooling.ts'
import { plainLayer, type Layer } from './layer.ts'
import type { WeightMaker } from './weights.ts'

/** Share of the old value in the moving averages of batch normalisation, per step. */
const MOVING_AVERAGE_SHARE = 0.9

/** x W + b, for x [batch, inputs]. Glorot uniform weights, zero bias. */
export function denseLayer(
  name: string,
  make: WeightMaker,
  inputs: number,
  outputs: number,
): Layer {
  const weights = make.glorot(`${name}/kernel`, [inputs, outputs]) as tf.Variable<tf.Rank.R2>
  const bias = make.constant(`${name}/bias`, [outputs], 0) as tf.Variable<tf.Rank.R1>
  const infer = (x: tf.Tensor): tf.Tensor2D => tf.add(tf.matMul(x as tf.Tensor2D, weights), bias)
  return {
    name,
    parameters: [weights, bias],
    state: [],
    stage: () => ({ kind: 'dense', weights, bias }),
    infer,
    train: (x) => ({
      output: infer(x),
      backward: (dy, inputWanted) => ({
        parameters: [tf.matMul(x as tf.Tensor2D, dy as tf.Tensor2D, true, false), tf.sum(dy, 0)],
        ...(inputWanted && { input: tf.matMul(dy as tf.Tensor2D, weights, false, true) }),
      }),
    }),
  }
}

/** 3x3 convolution with padding 'same' and no bias, for batches [batch, height, width, inputs]. Glorot uniform weights. */
export function convolutionLayer(
  name: string,
  make: WeightMaker,
  inputs: number,
  outputs: number,
  stride: number,
): Layer {
  const shape: FilterShape = [3, 3, inputs, outputs]
  const filter = make.glorot(`${name}/kernel`, shape) as tf.Variable<tf.Rank.R4>
  const infer = (x: tf.Tensor): tf.Tensor => convolution(x as tf.Tensor4D, filter, stride)
  return {
    name,
    parameters: [filter],
    state: [],
    stage: () => ({ kind: 'convolution', filter, stride }),
    infer,
    train: (x) => ({
      output: infer(x),
      backward: (dy, inputWanted) => ({
        parameters: [convolutionFilterGradient(x as tf.Tensor4D, dy as tf.Tensor4D, shape, stride)],
        ...(inputWanted && {
          input: convolutionInputGradient(x.shape, dy as tf.Tensor4D, filter, stride),
        }),
      }),
    }),
  }
}

/** Batch normalisation over all axes but the last, then swish; evaluated with moving averages of mean and variance. */
export function normalizeSwishLayer(name: string, make: WeightMaker, channels: number): Layer {
  const gamma = make.constant(`${name}/gamma`, [channels], 1) as tf.Variable<tf.Rank.R1>
  const beta = make.constant(`${name}/beta`, [channels], 0) as tf.Variable<tf.Rank.R1>
  const mean = make.state(`${name}/moving_mean`, [channels], 0) as tf.Variable<tf.Rank.R1>
  const variance = make.state(`${name}/moving_variance`, [channels], 1) as tf.Variable<tf.Rank.R1>
  const parameters = { gamma, beta }
  const averages = { mean, variance }
  const follow = (x: tf.Tensor, share: number): NormalizedSwish => {
    const forward = normalizeSwish(x, parameters, averages, share)
    mean.assign(forward.moving.mean)
    variance.assign(forward.moving.variance)
    return forward
  }
  return {
    name,
    parameters: [gamma, beta],
    state: [mean, variance],
    stage: () => ({
      kind: 'normalizeSwish',
      ...parameters,
      averages,
      share: MOVING_AVERAGE_SHARE,
    }),
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

/** max(x, 0), elementwise. */
export function rectifierLayer(name: string): Layer {
  const infer = (x: tf.Tensor): tf.Tensor => tf.relu(x)
  return plainLayer(
    name,
    () => ({ kind: 'rectifier' }),
    (x) => {
      const output = infer(x)
      return {
        output,
        backward: (dy) => ({ input: tf.mul(dy, tf.step(output)), parameters: [] }),
      }
    },
    infer,
  )
}

/** Mean over height and width: [batch, height, width, channels] to [batch, channels]. */
export function globalAverageLayer(name: string): Layer {
  const infer = (x: tf.Tensor): tf.Tensor => globalAverage(x as tf.Tensor4D)
  return plainLayer(
    name,
    () => ({ kind: 'globalAverage' }),
    (x) => ({
      output: infer(x),
      backward: (dy) => ({
        input: globalAverageGradient(dy as tf.Tensor2D, (x as tf.Tensor4D).shape),
        parameters: [],
      }),
    }),
    infer,
  )
}

/** Sets each element to zero with probability `rate`, scales the others by 1/(1-rate); the identity in evaluation. */
export function dropoutLayer(name: string, rate: number): Layer {
  return plainLayer(
    name,
    (key) => ({
      kind: 'dropout',
      mask: (step, factors) => writeDropoutMask(factors, rate, key, step),
    }),
    (x, { step, key }) => {
      const factors = new Float32Array(x.size)
      writeDropoutMask(factors, rate, key, step)
      const mask = tf.tensor(factors, x.shape)
      return {
        output: tf.mul(x, mask),
        backward: (dy) => ({ input: tf.mul(dy, mask), parameters: [] }),
      }
    },
    (x) => tf.clone(x),
  )
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

/** [batch, ...] to [batch, the rest]. */
export function flattenLayer(name: string): Layer {
  const infer = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [x.shape[0] ?? 0, -1])
  return plainLayer(
    name,
    () => ({ kind: 'flatten' }),
    (x) => ({
      output: infer(x),
      backward: (dy) => ({ input: tf.reshape(dy, x.shape), parameters: [] }),
    }),
    infer,
  )
}

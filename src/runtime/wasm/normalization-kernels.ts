import * as tf from '@tensorflow/tfjs-core'
import {
  NORMALIZE,
  NORMALIZE_GRADIENT,
  NORMALIZE_WITH,
  type Normalization,
  type NormalizedActivation,
} from '../batch-normalization.ts'
import {
  addressOf,
  floatsAt,
  functionsOf,
  withScratch,
  type WasmBackend,
} from './backend-memory.ts'
import { replaceKernel } from './kernel-call.ts'

const FLOAT = 4

/** Registers batch normalisation with its activation, and the gradient, as one kernel each. */
export function registerNormalizationKernels(): void {
  replaceKernel(NORMALIZE, ({ inputs, backend, attrs }) =>
    normalize(
      backend as WasmBackend,
      inputs as Inputs<'x' | 'gamma' | 'beta' | 'movingMean' | 'movingVariance'>,
      attrs as unknown as Normalization & { share: number },
    ),
  )
  replaceKernel(NORMALIZE_GRADIENT, ({ inputs, backend, attrs }) =>
    normalizeGradient(
      backend as WasmBackend,
      inputs as Inputs<'dy' | 'x' | 'gamma' | 'beta' | 'mean' | 'inverseDeviation'>,
      (attrs as unknown as { activation: NormalizedActivation }).activation,
    ),
  )
  replaceKernel(NORMALIZE_WITH, ({ inputs, backend, attrs }) =>
    normalizeWith(
      backend as WasmBackend,
      inputs as Inputs<'x' | 'gamma' | 'beta' | 'mean' | 'variance'>,
      attrs as unknown as Normalization,
    ),
  )
}

/** The function of our module that activates what is normalised, and the one that goes back through it. */
const PASSES = { identity: 'affine', swish: 'swish' } as const
const GRADIENT_PASSES = { identity: 'affineGradient', swish: 'swishGradient' } as const

type Inputs<Names extends string> = Readonly<Record<Names, tf.TensorInfo>>

function normalize(
  backend: WasmBackend,
  inputs: Inputs<'x' | 'gamma' | 'beta' | 'movingMean' | 'movingVariance'>,
  { activation, epsilon, share }: Normalization & { readonly share: number },
): tf.TensorInfo[] {
  const { count, channels, matrix } = layout(backend, inputs.x)
  const { call } = functionsOf(backend)
  const output = backend.makeOutput(inputs.x.shape, 'float32')
  const made = [0, 1, 2, 3].map(() => backend.makeOutput([channels], 'float32'))
  const [mean, inverse, movingMean, movingVariance] = made.map((info) =>
    addressOf(backend, info),
  ) as [number, number, number, number]
  withScratch(backend, FLOAT * channels, (scale) => {
    const at = (address: number): Float32Array => floatsAt(backend, address, channels)
    const of = (info: tf.TensorInfo): Float32Array => at(addressOf(backend, info))
    const [means, inverses, scales] = [at(mean), at(inverse), at(scale)]
    const [oldMeans, oldVariances] = [of(inputs.movingMean), of(inputs.movingVariance)]
    const [newMeans, newVariances] = [at(movingMean), at(movingVariance)]
    const gamma = of(inputs.gamma)
    call.channelSums(...matrix, mean)
    for (let index = 0; index < channels; index++) means[index]! /= count
    call.channelSquares(...matrix, mean, scale)
    for (let index = 0; index < channels; index++) {
      const variance = scales[index]! / count
      inverses[index] = 1 / Math.sqrt(variance + epsilon)
      newMeans[index] = share * oldMeans[index]! + (1 - share) * means[index]!
      newVariances[index] = share * oldVariances[index]! + (1 - share) * variance
      scales[index] = gamma[index]! * inverses[index]!
    }
    const shift = addressOf(backend, inputs.beta)
    call[PASSES[activation]](...matrix, mean, scale, shift, addressOf(backend, output))
  })
  return [output, ...made]
}

function normalizeWith(
  backend: WasmBackend,
  inputs: Inputs<'x' | 'gamma' | 'beta' | 'mean' | 'variance'>,
  { activation, epsilon }: Normalization,
): tf.TensorInfo {
  const { channels, matrix } = layout(backend, inputs.x)
  const { call } = functionsOf(backend)
  const output = backend.makeOutput(inputs.x.shape, 'float32')
  withScratch(backend, FLOAT * channels, (scale) => {
    const of = (info: tf.TensorInfo): Float32Array =>
      floatsAt(backend, addressOf(backend, info), channels)
    const [scales, gamma, variance] = [
      floatsAt(backend, scale, channels),
      of(inputs.gamma),
      of(inputs.variance),
    ]
    for (let index = 0; index < channels; index++)
      scales[index] = gamma[index]! / Math.sqrt(variance[index]! + epsilon)
    call[PASSES[activation]](
      ...matrix,
      addressOf(backend, inputs.mean),
      scale,
      addressOf(backend, inputs.beta),
      addressOf(backend, output),
    )
  })
  return output
}

function normalizeGradient(
  backend: WasmBackend,
  inputs: Inputs<'dy' | 'x' | 'gamma' | 'beta' | 'mean' | 'inverseDeviation'>,
  activation: NormalizedActivation,
): tf.TensorInfo[] {
  const { count, channels, matrix } = layout(backend, inputs.x)
  const { call } = functionsOf(backend)
  const dx = backend.makeOutput(inputs.x.shape, 'float32')
  const dGamma = backend.makeOutput([channels], 'float32')
  const dBeta = backend.makeOutput([channels], 'float32')
  const bytes = FLOAT * channels
  withScratch(backend, 4 * bytes, (scale) => {
    const [a, b, c] = [scale + bytes, scale + 2 * bytes, scale + 3 * bytes]
    const at = (address: number): Float32Array => floatsAt(backend, address, channels)
    const of = (info: tf.TensorInfo): Float32Array => at(addressOf(backend, info))
    const [gamma, inverse] = [of(inputs.gamma), of(inputs.inverseDeviation)]
    const [gammaSlope, betaSlope] = [of(dGamma), of(dBeta)]
    const [scales, as, bs, cs] = [at(scale), at(a), at(b), at(c)]
    const mean = addressOf(backend, inputs.mean)
    const target = addressOf(backend, dx)
    for (let index = 0; index < channels; index++) scales[index] = gamma[index]! * inverse[index]!
    call[GRADIENT_PASSES[activation]](
      ...matrix,
      mean,
      scale,
      addressOf(backend, inputs.beta),
      addressOf(backend, inputs.dy),
      target,
      addressOf(backend, dBeta),
      addressOf(backend, dGamma),
    )
    // dx = gamma inverse (dz - dBeta / count - normal dGamma / count), with normal = (x - mean) inverse.
    for (let index = 0; index < channels; index++) {
      const slope = scales[index]!
      gammaSlope[index]! *= inverse[index]!
      as[index] = slope
      bs[index] = (-slope * inverse[index]! * gammaSlope[index]!) / count
      cs[index] = (-slope * betaSlope[index]!) / count
    }
    call.combine(...matrix, mean, target, a, b, c)
  })
  return [dx, dGamma, dBeta]
}

/** `x` as a matrix with a row per position: its rows, channels, and the parameters our functions begin with. */
function layout(
  backend: WasmBackend,
  x: tf.TensorInfo,
): {
  readonly count: number
  readonly channels: number
  readonly matrix: [number, number, number]
} {
  const size = tf.util.sizeFromShape(x.shape)
  const channels = x.shape.at(-1) ?? 1
  return {
    count: size / channels,
    channels,
    matrix: [addressOf(backend, x), FLOAT * channels, FLOAT * size],
  }
}

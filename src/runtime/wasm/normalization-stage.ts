import * as tf from '@tensorflow/tfjs-core'
import type { Stage } from '../network-stages.ts'
import { addressOf, floatsAt, functionsOf } from './backend-memory.ts'
import { linkedFunctions } from './linked-functions.ts'
import { FLOAT, makeFlow, type StageRun, type StageSetting } from './stage-run.ts'
import { encoding } from './step-encoding.ts'
import { swishCode, type SwishFunction } from './swish-code.ts'

const swishFunctions = linkedFunctions<SwishFunction>(swishCode, encoding)

type NormalizeSwish = Extract<Stage, { kind: 'normalizeSwish' }>

/** Batch normalisation and swish; undefined where its channels are not a multiple of four. */
export function normalizationStage(
  { memory, input }: StageSetting,
  stage: NormalizeSwish,
): StageRun | undefined {
  const { backend, view, floats, tensor } = memory
  const { rows, columns: channels, rowBytes } = input
  if (channels % 4 !== 0) return undefined
  const { call } = functionsOf(backend)
  const { swishAndDerivative, slopeSums } = swishFunctions(backend)
  const output = makeFlow(memory, input)
  const size = rows * rowBytes
  const matrix = [input.values, rowBytes, size]
  const derivative = floats(size / FLOAT)
  const gradients = [tensor([channels]), tensor([channels])] as const
  const [mean, inverse, scale, second, third] = Array.from({ length: 5 }, () =>
    floats(channels),
  ) as [number, number, number, number, number]
  const at = (address: number): Float32Array => view(address, channels)
  const of = (variable: tf.Variable): Float32Array =>
    floatsAt(backend, addressOf(backend, variable), channels)
  return {
    output,
    gradients,
    forward: () => {
      const [means, inverses, scales] = [at(mean), at(inverse), at(scale)]
      const variances = at(second)
      call.channelSums(...matrix, mean)
      for (let index = 0; index < channels; index++) means[index]! /= rows
      call.channelSquares(...matrix, mean, second)
      const gamma = of(stage.gamma)
      for (let index = 0; index < channels; index++) {
        variances[index]! /= rows
        inverses[index] = 1 / Math.sqrt(variances[index]! + stage.epsilon)
        scales[index] = gamma[index]! * inverses[index]!
      }
      const shift = addressOf(backend, stage.beta)
      swishAndDerivative(...matrix, mean, scale, shift, output.values, derivative)
      follow(stage.averages.mean, means, stage.share)
      follow(stage.averages.variance, variances, stage.share)
    },
    backward: () => {
      const [ofGamma, ofBeta] = gradients.map((kept) => kept.write()) as [number, number]
      const { slopes } = input
      slopeSums(...matrix, mean, output.slopes, derivative, slopes, ofBeta, ofGamma)
      const [scales, inverses, bs, cs] = [at(scale), at(inverse), at(second), at(third)]
      const [gammaSlope, betaSlope] = [ofGamma, ofBeta].map((address) =>
        floatsAt(backend, address, channels),
      ) as [Float32Array, Float32Array]
      // dx = gamma inverse (dz - dBeta / rows - normal dGamma / rows), with normal = (x - mean) inverse.
      for (let index = 0; index < channels; index++) {
        const slope = scales[index]!
        gammaSlope[index]! *= inverses[index]!
        bs[index] = (-slope * inverses[index]! * gammaSlope[index]!) / rows
        cs[index] = (-slope * betaSlope[index]!) / rows
      }
      call.combine(...matrix, mean, slopes, scale, second, third)
    },
  }
}

/** Makes a moving average `share` of itself and 1 - share of the batch's values. */
function follow(average: tf.Variable, values: Float32Array, share: number): void {
  const next = average.dataSync<'float32'>().map((old, index) => {
    return share * old + (1 - share) * values[index]!
  })
  const tensor = tf.tensor(next, average.shape)
  average.assign(tensor)
  tensor.dispose()
}

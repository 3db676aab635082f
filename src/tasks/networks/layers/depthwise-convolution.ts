import type * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import {
  depthwiseConvolution as convolve,
  depthwiseFilterGradient,
  depthwiseInputGradient,
} from '../../../runtime/convolution.ts'
import type { LayerKind } from '../layer-kind.ts'
import { filterFields, filterLayer, shapeBehind, sizeOfFilter, type FilterSpec } from './filter.ts'

export interface DepthwiseConvolutionSpec extends FilterSpec {
  readonly kind: 'depthwiseConvolution'
}

const passes = {
  forward: convolve,
  filterGradient: depthwiseFilterGradient,
  inputGradient: depthwiseInputGradient,
}

export const depthwiseConvolution: LayerKind<DepthwiseConvolutionSpec> = {
  summary:
    'each channel of an image convolved with a square filter of its own, 3x3 when no `size` is given; Glorot uniform weights, zero bias where there is one',
  schema: z.strictObject({ kind: z.literal('depthwiseConvolution'), ...filterFields }),
  shape: (spec, input) => shapeBehind(spec, input, input[2] ?? 0),
  work: (spec, _, [height = 0, width = 0, channels = 0]) =>
    sizeOfFilter(spec) ** 2 * channels * height * width,
  build: (spec, place) => {
    const channels = place.input[2]!
    const size = sizeOfFilter(spec)
    // A channel of the output rests on one channel of the input.
    const filter = place.make.glorot(
      ...[`${place.name}/kernel`, [size, size, channels, 1] as const],
      { inputs: 1, outputs: 1 },
    ) as tf.Variable<tf.Rank.R4>
    return filterLayer(spec, place, filter, channels, passes)
  },
}

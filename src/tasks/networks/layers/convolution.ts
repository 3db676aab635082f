import type * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import {
  convolution as convolve,
  convolutionFilterGradient,
  convolutionInputGradient,
} from '../../../runtime/convolution.ts'
import { count, scaled, type LayerKind } from '../layer-kind.ts'
import { filterFields, filterLayer, shapeBehind, sizeOfFilter, type FilterSpec } from './filter.ts'

export interface ConvolutionSpec extends FilterSpec {
  readonly kind: 'convolution'
  /** Channels that come out. */
  readonly filters: number
}

const passes = {
  forward: convolve,
  filterGradient: convolutionFilterGradient,
  inputGradient: convolutionInputGradient,
}

export const convolution: LayerKind<ConvolutionSpec> = {
  summary:
    'convolution of an image with a square filter, 3x3 when no `size` is given, every position of the image being covered; Glorot uniform weights, zero bias where there is one',
  schema: z.strictObject({ kind: z.literal('convolution'), ...filterFields, filters: count }),
  shape: (spec, input) => shapeBehind(spec, input, spec.filters),
  work: (spec, input, [height = 0, width = 0, filters = 0]) =>
    sizeOfFilter(spec) ** 2 * input[2]! * filters * height * width,
  widened: (spec, factor) => ({ ...spec, filters: scaled(spec.filters, factor) }),
  build: (spec, place) => {
    const size = sizeOfFilter(spec)
    const shape = [size, size, place.input[2]!, spec.filters]
    const filter = place.make.glorot(`${place.name}/kernel`, shape) as tf.Variable<tf.Rank.R4>
    const layer = filterLayer(spec, place, filter, spec.filters, passes)
    const { stride = 1, padding = 'same', bias = false } = spec
    return bias || (padding !== 'same' && stride > 1)
      ? layer
      : { ...layer, stage: () => ({ kind: 'convolution', filter, stride }) }
  },
}

import type * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import {
  convolution as convolve,
  convolutionFilterGradient,
  convolutionInputGradient,
  type FilterShape,
} from '../../../runtime/convolution.ts'
import type { Layer } from '../layer.ts'
import {
  count,
  IMAGES,
  layerName,
  scaled,
  wantsRank,
  type LayerKind,
  type LayerPlace,
  type NamedSpec,
} from '../layer-kind.ts'

export interface ConvolutionSpec extends NamedSpec {
  readonly kind: 'convolution'
  /** Channels that come out. */
  readonly filters: number
  /** 1 when absent. */
  readonly stride?: number
}

export const convolution: LayerKind<ConvolutionSpec> = {
  summary: "3x3 convolution of an image, padding 'same', no bias; Glorot uniform weights",
  schema: z.strictObject({
    kind: z.literal('convolution'),
    name: layerName,
    filters: count,
    stride: count.exactOptional(),
  }),
  shape: ({ filters, stride = 1 }, input) =>
    wantsRank(input, [3], IMAGES) ?? [
      Math.ceil(input[0]! / stride),
      Math.ceil(input[1]! / stride),
      filters,
    ],
  work: (_, input, [height = 0, width = 0, filters = 0]) =>
    9 * input[2]! * filters * height * width,
  widened: (spec, factor) => ({ ...spec, filters: scaled(spec.filters, factor) }),
  build: (spec, place) => convolutionLayer(spec, place),
}

function convolutionLayer(
  { filters, stride = 1 }: ConvolutionSpec,
  { name, make, input }: LayerPlace,
): Layer {
  const shape: FilterShape = [3, 3, input[2]!, filters]
  const filter = make.glorot(`${name}/kernel`, shape) as tf.Variable<tf.Rank.R4>
  const infer = (x: tf.Tensor): tf.Tensor => convolve(x as tf.Tensor4D, filter, stride)
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

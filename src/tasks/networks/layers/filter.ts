import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { PADDINGS, type FilterShape, type Stepping } from '../../../runtime/convolution.ts'
import type { Layer } from '../layer.ts'
import {
  count,
  IMAGES,
  layerName,
  wantsRank,
  type LayerPlace,
  type NamedSpec,
  type ShapeOrProblem,
} from '../layer-kind.ts'

/** How a layer's filter moves over images. */
export interface FilterSpec extends NamedSpec {
  /** Height and width of the filter; 3 when absent. */
  readonly size?: number
  /** 1 when absent. */
  readonly stride?: number
  /** Where zeros are put around images: `same` when absent, or `symmetric`, with an odd size alone. */
  readonly padding?: (typeof PADDINGS)[number]
  /** Whether a number is added to each channel that comes out; not when absent. */
  readonly bias?: boolean
}

/** The fields of {@link FilterSpec}. */
export const filterFields = {
  name: layerName,
  size: count.exactOptional(),
  stride: count.exactOptional(),
  padding: z.enum(PADDINGS).exactOptional(),
  bias: z.boolean().exactOptional(),
}

export const sizeOfFilter = ({ size = 3 }: FilterSpec): number => size

/** Shape of an image behind a filter with `filters` outputs. */
export function shapeBehind(
  { size = 3, stride = 1, padding = 'same' }: FilterSpec,
  input: readonly number[],
  filters: number,
): ShapeOrProblem {
  const problem = wantsRank(input, [3], IMAGES)
  if (problem !== undefined) return problem
  if (padding === 'symmetric' && size % 2 === 0)
    return `has an even size, ${size}, and symmetric padding is for odd ones`
  return [Math.ceil(input[0]! / stride), Math.ceil(input[1]! / stride), filters]
}

/** A convolution of some kind, and the gradients of its filter and its input. */
export interface FilterPasses {
  readonly forward: (x: tf.Tensor4D, filter: tf.Tensor4D, stepping: Stepping) => tf.Tensor4D
  readonly filterGradient: (
    x: tf.Tensor4D,
    dy: tf.Tensor4D,
    shape: FilterShape,
    stepping: Stepping,
  ) => tf.Tensor4D
  readonly inputGradient: (
    inputShape: readonly number[],
    dy: tf.Tensor4D,
    filter: tf.Tensor4D,
    stepping: Stepping,
  ) => tf.Tensor4D
}

/** The layer that moves `filter` over images, and adds a bias where `spec` says so. */
export function filterLayer(
  { stride = 1, padding = 'same', bias = false }: FilterSpec,
  { name, make }: LayerPlace,
  filter: tf.Variable<tf.Rank.R4>,
  outputs: number,
  passes: FilterPasses,
): Layer {
  const stepping = { stride, padding }
  const added = bias ? (make.constant(`${name}/bias`, [outputs], 0) as tf.Tensor1D) : undefined
  const infer = (x: tf.Tensor): tf.Tensor => {
    const sums = passes.forward(x as tf.Tensor4D, filter, stepping)
    return added === undefined ? sums : tf.add(sums, added)
  }
  return {
    name,
    parameters: [filter, ...(added === undefined ? [] : [added as tf.Variable])],
    state: [],
    infer,
    train: (x) => ({
      output: infer(x),
      backward: (dy, inputWanted) => {
        const [images, slopes] = [x as tf.Tensor4D, dy as tf.Tensor4D]
        return {
          parameters: [
            passes.filterGradient(images, slopes, filter.shape as FilterShape, stepping),
            ...(added === undefined ? [] : [tf.sum(dy, [0, 1, 2])]),
          ],
          ...(inputWanted && {
            input: passes.inputGradient(x.shape, slopes, filter, stepping),
          }),
        }
      },
    }),
  }
}

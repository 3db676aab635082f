import * as tf from '@tensorflow/tfjs-core'
import { runKernel } from './kernel.ts'

/** Shape of a convolution filter: height, width, input channels, output channels; of a depthwise one: the last is 1. */
export type FilterShape = readonly [number, number, number, number]

/**
 * Where zeros are put around an image so that it gives ceil(extent / stride) positions: `same`, as few as will do, the odd one behind it, as
 * TensorFlow and Keras do; or `symmetric`, (size - 1) / 2 on each side, as PyTorch's models do. They differ in strided convolutions of
 * images with even extents. Filters with `symmetric` have odd sizes.
 */
export const PADDINGS = ['same', 'symmetric'] as const

/** How a filter moves. */
export interface Stepping {
  /** Of both axes. */
  readonly stride: number
  /** `same` when absent. */
  readonly padding?: (typeof PADDINGS)[number]
}

/** A convolution with its gradients; a filter of one output for each channel, where it is depthwise. */
interface Kernels {
  readonly forward: string
  readonly filterGradient: string
  readonly inputGradient: string
}

const PLAIN: Kernels = {
  forward: tf.Conv2D,
  filterGradient: tf.Conv2DBackpropFilter,
  inputGradient: tf.Conv2DBackpropInput,
}

const DEPTHWISE: Kernels = {
  forward: tf.DepthwiseConv2dNative,
  filterGradient: tf.DepthwiseConv2dNativeBackpropFilter,
  inputGradient: tf.DepthwiseConv2dNativeBackpropInput,
}

/** Convolution of `x` [batch, height, width, channels] with `filter`. */
export function convolution(x: tf.Tensor4D, filter: tf.Tensor4D, stepping: Stepping): tf.Tensor4D {
  if (isPointwise(filter.shape, stepping))
    return inPositions(x, filter.shape[3], (rows) => tf.matMul(rows, asMatrix(filter)))
  return convolve(PLAIN, x, filter, stepping)
}

/** Gradient of {@link convolution} with respect to its filter; `dy` is the gradient of its output. */
export function convolutionFilterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  filterShape: FilterShape,
  stepping: Stepping,
): tf.Tensor4D {
  if (isPointwise(filterShape, stepping))
    return tf.reshape(tf.matMul(positionsOf(x), positionsOf(dy), true, false), [...filterShape])
  return filterGradient(PLAIN, x, dy, filterShape, stepping)
}

/** Gradient of {@link convolution} with respect to its input of shape `inputShape`. */
export function convolutionInputGradient(
  inputShape: readonly number[],
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  stepping: Stepping,
): tf.Tensor4D {
  if (isPointwise(filter.shape, stepping))
    return inPositions(dy, filter.shape[2], (rows) =>
      tf.matMul(rows, asMatrix(filter), false, true),
    )
  return inputGradient(PLAIN, inputShape, dy, filter, stepping)
}

/** Convolution of each channel of `x` [batch, height, width, channels] with its own filter of [height, width, channels, 1]. */
export function depthwiseConvolution(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  stepping: Stepping,
): tf.Tensor4D {
  return convolve(DEPTHWISE, x, filter, stepping)
}

/** Gradient of {@link depthwiseConvolution} with respect to its filter; `dy` is the gradient of its output. */
export function depthwiseFilterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  filterShape: FilterShape,
  stepping: Stepping,
): tf.Tensor4D {
  return filterGradient(DEPTHWISE, x, dy, filterShape, stepping)
}

/** Gradient of {@link depthwiseConvolution} with respect to its input of shape `inputShape`. */
export function depthwiseInputGradient(
  inputShape: readonly number[],
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  stepping: Stepping,
): tf.Tensor4D {
  return inputGradient(DEPTHWISE, inputShape, dy, filter, stepping)
}

function convolve(
  { forward }: Kernels,
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  { stride, padding }: Stepping,
): tf.Tensor4D {
  const margins = marginsFor(x.shape, filter.shape, stride, padding)
  return margins === undefined
    ? runKernel<tf.Rank.R4>(forward, { x, filter }, attributesFor(stride, 'same'))
    : runKernel<tf.Rank.R4>(
        forward,
        { x: tf.pad(x, margins), filter },
        attributesFor(stride, 'valid'),
      )
}

function filterGradient(
  kernels: Kernels,
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  filterShape: FilterShape,
  { stride, padding }: Stepping,
): tf.Tensor4D {
  const margins = marginsFor(x.shape, filterShape, stride, padding)
  const inputs = { x: margins === undefined ? x : tf.pad(x, margins), dy }
  return runKernel<tf.Rank.R4>(kernels.filterGradient, inputs, {
    ...attributesFor(stride, margins === undefined ? 'same' : 'valid'),
    filterShape: [...filterShape],
  })
}

function inputGradient(
  kernels: Kernels,
  inputShape: readonly number[],
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  { stride, padding }: Stepping,
): tf.Tensor4D {
  const margins = marginsFor(inputShape, filter.shape, stride, padding)
  const padded = inputShape.map((extent, axis) => {
    const [before, behind] = margins?.[axis] ?? [0, 0]
    return before + extent + behind
  })
  const gradient = runKernel<tf.Rank.R4>(
    kernels.inputGradient,
    { dy, filter },
    {
      ...attributesFor(stride, margins === undefined ? 'same' : 'valid'),
      inputShape: padded,
    },
  )
  return margins === undefined
    ? gradient
    : tf.slice(
        gradient,
        margins.map(([before]) => before) as [number, number, number, number],
        [...inputShape] as [number, number, number, number],
      )
}

type Margins = [[number, number], [number, number], [number, number], [number, number]]

/** The zeros around an image that padding `same` does not put there; undefined where it does. */
function marginsFor(
  [, height = 0, width = 0]: readonly number[],
  [filterHeight = 0, filterWidth = 0]: readonly number[],
  stride: number,
  padding: Stepping['padding'] = 'same',
): Margins | undefined {
  if (padding === 'same') return undefined
  const sides = [
    [height, filterHeight],
    [width, filterWidth],
  ] as const
  const isSame = sides.every(([extent, size]) => {
    const needed = Math.max(0, (Math.ceil(extent / stride) - 1) * stride + size - extent)
    return needed === size - 1
  })
  if (isSame) return undefined
  const [rows, columns] = sides.map(([, size]) => (size - 1) / 2) as [number, number]
  return [
    [0, 0],
    [rows, rows],
    [columns, columns],
    [0, 0],
  ]
}

// A filter of one tap is a product at each position, which all backends do faster.
const isPointwise = ([height, width]: readonly number[], { stride }: Stepping): boolean =>
  height === 1 && width === 1 && stride === 1

const asMatrix = (filter: tf.Tensor4D): tf.Tensor2D =>
  tf.reshape(filter, [filter.shape[2], filter.shape[3]])

const positionsOf = (x: tf.Tensor4D): tf.Tensor2D =>
  tf.reshape(x, [x.size / x.shape[3], x.shape[3]])

/** What `map` makes of the positions of `x`, as images with so many channels. */
const inPositions = (
  x: tf.Tensor4D,
  channels: number,
  map: (rows: tf.Tensor2D) => tf.Tensor2D,
): tf.Tensor4D => {
  const [batch, height, width] = x.shape
  return tf.reshape(map(positionsOf(x)), [batch, height, width, channels])
}

// Every backend takes these attributes from tf.conv2d, tf.depthwiseConv2d and their gradients.
const attributesFor = (stride: number, pad: 'same' | 'valid'): tf.NamedAttrMap => ({
  strides: [stride, stride],
  pad,
  dataFormat: 'NHWC',
  dilations: [1, 1],
})

import * as tf from '@tensorflow/tfjs-core'
import {
  addressOf,
  floatsAt,
  functionsOf,
  withScratch,
  type NumericFunctions,
  type WasmBackend,
} from './backend-memory.ts'
import { filterGradientByConvolution } from './filter-gradient-by-convolution.ts'
import { replaceKernel, type KernelCall } from './kernel-call.ts'

type ConvolutionInfo = ReturnType<typeof tf.backend_util.computeConv2DInfo>
type Shape4D = [number, number, number, number]

const FLOAT = 4

/**
 * Registers the filter gradient, which the wasm backend lacks, a faster input gradient and a faster convolution. They fall
 * back where the channels they take four at a time are not a multiple of four: to a forward convolution for the first, to
 * the built-in kernels for the others.
 */
export function registerConvolutionKernels(): void {
  const builtInConvolution = tf.getKernel(tf.Conv2D, 'wasm').kernelFunc
  const builtInInputGradient = tf.getKernel(tf.Conv2DBackpropInput, 'wasm').kernelFunc
  replaceKernel(tf.Conv2D, (call) => convolution(call) ?? builtInConvolution(call))
  replaceKernel(tf.Conv2DBackpropFilter, filterGradient)
  replaceKernel(tf.Conv2DBackpropInput, (call) => inputGradient(call) ?? builtInInputGradient(call))
}

function convolution(call: KernelCall): tf.TensorInfo | undefined {
  const backend = call.backend as WasmBackend
  const { x, filter } = call.inputs as { x: tf.TensorInfo; filter: tf.TensorInfo }
  const attributes = call.attrs as unknown as tf.Conv2DAttrs
  const { strides, dilations, pad, dimRoundingMode } = attributes
  if (attributes.dataFormat !== 'NHWC') return undefined
  const info = tf.backend_util.computeConv2DInfo(
    x.shape as Shape4D,
    filter.shape as Shape4D,
    strides,
    dilations,
    pad,
    dimRoundingMode,
  )
  const dilated = info.dilationHeight !== 1 || info.dilationWidth !== 1
  if (dilated || isEmpty(info) || info.outChannels % 4 !== 0) return undefined
  const output = backend.makeOutput(info.outShape, 'float32')
  withGeometry(backend, info, info.inChannels, ({ functions, geometry }) => {
    const [from, weights, to] = [x, filter, output].map((tensor) => addressOf(backend, tensor))
    functions.convolution(from!, weights!, to!, ...geometry)
  })
  return output
}

function filterGradient(call: KernelCall): tf.TensorInfo {
  const backend = call.backend as WasmBackend
  const { x, dy } = call.inputs as { x: tf.TensorInfo; dy: tf.TensorInfo }
  const attributes = call.attrs as unknown as tf.Conv2DBackpropFilterAttrs
  const { filterShape, strides, pad, dimRoundingMode } = attributes
  if (attributes.dataFormat !== 'NHWC')
    throw new Error('the gradient of a convolution filter on wasm takes the layout NHWC alone')
  const info = tf.backend_util.computeConv2DInfo(
    x.shape as Shape4D,
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
  )
  if (!isEmpty(info) && info.outChannels % 4 !== 0) return filterGradientByConvolution(call, info)
  const output = backend.makeOutput(filterShape, 'float32')
  const target = addressOf(backend, output)
  floatsAt(backend, target, tf.util.sizeFromShape(filterShape)).fill(0)
  if (isEmpty(info)) return output
  withGeometry(backend, info, info.inChannels, ({ functions, geometry }) =>
    functions.filterGradient(addressOf(backend, x), addressOf(backend, dy), target, ...geometry),
  )
  return output
}

function inputGradient(call: KernelCall): tf.TensorInfo | undefined {
  const backend = call.backend as WasmBackend
  const { dy, filter } = call.inputs as { dy: tf.TensorInfo; filter: tf.TensorInfo }
  const attributes = call.attrs as unknown as tf.Conv2DBackpropInputAttrs
  const { inputShape, strides, pad, dimRoundingMode } = attributes
  if (attributes.dataFormat !== 'NHWC') return undefined
  const info = tf.backend_util.computeConv2DInfo(
    inputShape,
    filter.shape as Shape4D,
    strides,
    1,
    pad,
    dimRoundingMode,
  )
  if (isEmpty(info) || info.inChannels % 4 !== 0) return undefined
  const output = backend.makeOutput(inputShape, 'float32')
  const filterSize = tf.util.sizeFromShape(filter.shape)
  const rows = filterSize / info.outChannels
  withGeometry(backend, info, 1, ({ functions, geometry, paddedBytes }) =>
    withScratch(backend, FLOAT * filterSize, (transposed) => {
      const from = floatsAt(backend, addressOf(backend, filter), filterSize)
      transpose(from, rows, info.outChannels, floatsAt(backend, transposed, filterSize))
      functions.inputGradient(
        addressOf(backend, dy),
        transposed,
        addressOf(backend, output),
        FLOAT * info.inChannels,
        FLOAT * rows,
        paddedBytes,
        ...geometry,
      )
    }),
  )
  return output
}

const isEmpty = (info: ConvolutionInfo): boolean =>
  tf.util.sizeFromShape(info.inShape) === 0 || tf.util.sizeFromShape(info.outShape) === 0

/**
 * Lays out the padded copy of one image and the tables that our convolutions walk along, for the time of `use`. A tap is a
 * filter row and column with `channelsPerTap` input channels apart: all of them, or one for the first alone.
 */
function withGeometry(
  backend: WasmBackend,
  info: ConvolutionInfo,
  channelsPerTap: number,
  use: (prepared: {
    readonly functions: NumericFunctions['call']
    readonly geometry: readonly number[]
    readonly paddedBytes: number
  }) => void,
): void {
  const { top, left } = info.padInfo
  const pixel = FLOAT * info.inChannels
  const span = (outputs: number, stride: number, taps: number): number =>
    (outputs - 1) * stride + taps
  const paddedHeight = Math.max(
    top + info.inHeight,
    span(info.outHeight, info.strideHeight, info.filterHeight),
  )
  const paddedWidth = Math.max(
    left + info.inWidth,
    span(info.outWidth, info.strideWidth, info.filterWidth),
  )
  const paddedRow = paddedWidth * pixel
  const paddedBytes = paddedHeight * paddedRow
  const positions = info.outHeight * info.outWidth
  const taps = info.filterHeight * info.filterWidth * channelsPerTap
  withScratch(backend, paddedBytes + FLOAT * (positions + taps), (padded) => {
    const bases = padded + paddedBytes
    const offsets = bases + FLOAT * positions
    const end = offsets + FLOAT * taps
    floatsAt(backend, padded, paddedBytes / FLOAT).fill(0)
    const tables = new Int32Array(backend.wasm.asm.memory.buffer, bases, positions + taps)
    let entry = 0
    for (let row = 0; row < info.outHeight; row++)
      for (let column = 0; column < info.outWidth; column++)
        tables[entry++] = row * info.strideHeight * paddedRow + column * info.strideWidth * pixel
    for (let row = 0; row < info.filterHeight; row++)
      for (let column = 0; column < info.filterWidth; column++)
        for (let channel = 0; channel < channelsPerTap; channel++)
          tables[entry++] = row * paddedRow + column * pixel + channel * FLOAT
    const geometry = [
      info.batchSize,
      info.inHeight * info.inWidth * pixel,
      info.inWidth * pixel,
      paddedRow,
      padded,
      padded + top * paddedRow + left * pixel,
      bases,
      offsets,
      offsets,
      end,
      FLOAT * info.outChannels,
      FLOAT * info.outChannels * positions,
    ]
    use({ functions: functionsOf(backend).call, geometry, paddedBytes })
  })
}

/** Writes the transpose of `from` [rows, columns] to `to`. */
function transpose(from: Float32Array, rows: number, columns: number, to: Float32Array): void {
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      to[column * rows + row] = from[row * columns + column]!
}

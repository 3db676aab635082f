import * as tf from '@tensorflow/tfjs-core'
import { addressOf, floatsAt, type WasmBackend } from './backend-memory.ts'
import { depthwiseCode } from './depthwise-code.ts'
import { replaceKernel, type KernelCall } from './kernel-call.ts'
import { linkedFunctions } from './linked-functions.ts'

type ConvolutionInfo = ReturnType<typeof tf.backend_util.computeConv2DInfo>
type Shape4D = [number, number, number, number]

const FLOAT = 4

const functionsOf = linkedFunctions<'addProducts'>(depthwiseCode)

/** Registers the gradients of depthwise convolutions, which the wasm backend lacks. */
export function registerDepthwiseKernels(): void {
  replaceKernel(tf.DepthwiseConv2dNativeBackpropFilter, (call) => {
    const { x, dy } = call.inputs as { x: tf.TensorInfo; dy: tf.TensorInfo }
    const { filterShape } = call.attrs as { filterShape: number[] }
    const output = zeros(call, filterShape)
    const info = geometryOf(call, x.shape, filterShape)
    addByRows(call, info, ({ input, output: slope, tap }) => [
      { tensor: x, ...input },
      { tensor: dy, ...slope },
      { tensor: output, ...tap },
    ])
    return output
  })
  replaceKernel(tf.DepthwiseConv2dNativeBackpropInput, (call) => {
    const { dy, filter } = call.inputs as { dy: tf.TensorInfo; filter: tf.TensorInfo }
    const { inputShape } = call.attrs as { inputShape: number[] }
    const output = zeros(call, inputShape)
    const info = geometryOf(call, inputShape, filter.shape)
    addByRows(call, info, ({ input, output: slope, tap }) => [
      { tensor: dy, ...slope },
      { tensor: filter, ...tap },
      { tensor: output, ...input },
    ])
    return output
  })
}

function zeros({ backend }: KernelCall, shape: readonly number[]): tf.TensorInfo {
  const wasm = backend as WasmBackend
  const output = wasm.makeOutput(shape, 'float32')
  floatsAt(wasm, addressOf(wasm, output), tf.util.sizeFromShape([...shape])).fill(0)
  return output
}

function geometryOf(
  { attrs }: KernelCall,
  inputShape: readonly number[],
  filterShape: readonly number[],
): ConvolutionInfo {
  const { strides, dilations, pad, dimRoundingMode } =
    attrs as unknown as tf.DepthwiseConv2dNativeBackpropInputAttrs
  return tf.backend_util.computeConv2DInfo(
    inputShape as Shape4D,
    filterShape as Shape4D,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    true,
  )
}

/** Where a row of positions begins in a tensor, and how far apart they are; in numbers. `wide`: one a channel of the output. */
interface Row {
  readonly start: number
  readonly step: number
  readonly wide: boolean
}

/** The same of a tensor. */
interface TensorRow extends Row {
  readonly tensor: tf.TensorInfo
}

/** The rows of input, output and filter that meet. */
interface Meeting {
  readonly input: Row
  readonly output: Row
  readonly tap: Row
}

/**
 * For every row of outputs and every tap that meets the input there: adds the products of the first two rows to the third. In one
 * order whatever the numbers are, so that results repeat to the bit.
 */
function addByRows(
  call: KernelCall,
  info: ConvolutionInfo,
  choose: (meeting: Meeting) => readonly [TensorRow, TensorRow, TensorRow],
): void {
  const { inChannels, outChannels, inWidth, inHeight, outWidth, outHeight } = info
  if (inChannels * outChannels === 0) return
  const add = adder(call.backend as WasmBackend, inChannels, outChannels)
  for (let image = 0; image < info.batchSize; image++)
    for (let row = 0; row < outHeight; row++)
      for (let tapRow = 0; tapRow < info.filterHeight; tapRow++) {
        const inRow = row * info.strideHeight + tapRow * info.dilationHeight - info.padInfo.top
        if (inRow < 0 || inRow >= inHeight) continue
        for (let tap = 0; tap < info.filterWidth; tap++) {
          // The input's column is column * stride + shift.
          const shift = tap * info.dilationWidth - info.padInfo.left
          const first = Math.max(0, Math.ceil(-shift / info.strideWidth))
          const end = Math.min(outWidth, Math.floor((inWidth - 1 - shift) / info.strideWidth) + 1)
          if (first >= end) continue
          const inColumn = first * info.strideWidth + shift
          const rows = choose({
            input: {
              start: ((image * inHeight + inRow) * inWidth + inColumn) * inChannels,
              step: info.strideWidth * inChannels,
              wide: false,
            },
            output: {
              start: ((image * outHeight + row) * outWidth + first) * outChannels,
              step: outChannels,
              wide: true,
            },
            tap: { start: (tapRow * info.filterWidth + tap) * outChannels, step: 0, wide: true },
          })
          add(rows, end - first)
        }
      }
}

type Add = (rows: readonly [TensorRow, TensorRow, TensorRow], positions: number) => void

/** Adds the products of the first two rows of positions to the third. Nothing may be allocated while it is used. */
function adder(backend: WasmBackend, inChannels: number, outChannels: number): Add {
  if (inChannels === outChannels && outChannels % 4 === 0) {
    const { addProducts } = functionsOf(backend)
    return (rows, positions) => {
      const [a, b, to] = rows.map(
        ({ tensor, start }) => addressOf(backend, tensor) + FLOAT * start,
      ) as [number, number, number]
      const steps = rows.map(({ step }) => FLOAT * step)
      addProducts(a, b, to, FLOAT * outChannels, ...steps, positions)
    }
  }
  const all = new Float32Array(backend.wasm.asm.memory.buffer)
  const begin = ({ tensor, start }: TensorRow): number => addressOf(backend, tensor) / FLOAT + start
  const wide = Int32Array.from({ length: outChannels }, (_, channel) => channel)
  const narrow = wide.map((channel) => Math.floor((channel * inChannels) / outChannels))
  const placesOf = (row: Row): Int32Array => (row.wide ? wide : narrow)
  return ([a, b, to], positions) => {
    const [aPlaces, bPlaces, toPlaces] = [placesOf(a), placesOf(b), placesOf(to)]
    let [aAt, bAt, toAt] = [begin(a), begin(b), begin(to)]
    for (let position = 0; position < positions; position++) {
      for (let channel = 0; channel < outChannels; channel++)
        all[toAt + toPlaces[channel]!]! +=
          all[aAt + aPlaces[channel]!]! * all[bAt + bPlaces[channel]!]!
      aAt += a.step
      bAt += b.step
      toAt += to.step
    }
  }
}

import * as tf from '@tensorflow/tfjs-core'
import { addressOf, floatsAt, type WasmBackend } from './backend-memory.ts'
import { replaceKernel } from './kernel-call.ts'

type Pooling = ReturnType<typeof tf.backend_util.computePool3DInfo>
type Inputs = Readonly<Record<'dy' | 'input', tf.TensorInfo>>

/**
 * Registers the gradients of max pooling. Those of the wasm backend look for the largest value above the smallest positive float,
 * so that a window without a positive value has no gradient.
 */
export function registerPoolingKernels(): void {
  replaceKernel(tf.MaxPoolGrad, ({ inputs, backend, attrs }) => {
    const { input } = inputs as Inputs
    const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as tf.MaxPoolGradAttrs
    const flat = tf.backend_util.computePool2DInfo(
      input.shape as [number, number, number, number],
      filterSize,
      strides,
      1,
      pad,
      dimRoundingMode,
    )
    // An image is a volume of depth 1.
    const info = {
      ...flat,
      ...{ inDepth: 1, outDepth: 1, strideDepth: 1, effectiveFilterDepth: 1 },
      padInfo: { ...flat.padInfo, front: 0 },
    }
    return maxPoolGradient(backend as WasmBackend, inputs as Inputs, info)
  })
  replaceKernel(tf.MaxPool3DGrad, ({ inputs, backend, attrs }) => {
    const { input } = inputs as Inputs
    const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as tf.MaxPool3DGradAttrs
    const info = tf.backend_util.computePool3DInfo(
      input.shape as [number, number, number, number, number],
      filterSize,
      strides,
      1,
      pad,
      dimRoundingMode,
    )
    return maxPoolGradient(backend as WasmBackend, inputs as Inputs, info)
  })
}

/** The parts of a pooling's geometry that its gradient needs. */
type Geometry = Pick<
  Pooling,
  | ('batchSize' | 'inChannels' | 'inDepth' | 'inHeight' | 'inWidth')
  | ('outDepth' | 'outHeight' | 'outWidth' | 'strideDepth' | 'strideHeight' | 'strideWidth')
  | ('effectiveFilterDepth' | 'effectiveFilterHeight' | 'effectiveFilterWidth')
> & { readonly padInfo: Readonly<Record<'front' | 'top' | 'left', number>> }

/** Adds the gradient of each output to the first input of its window that has the largest value. */
function maxPoolGradient(
  backend: WasmBackend,
  { dy, input }: Inputs,
  info: Geometry,
): tf.TensorInfo {
  const output = backend.makeOutput(input.shape, 'float32')
  const valuesOf = (tensor: tf.TensorInfo): Float32Array =>
    floatsAt(backend, addressOf(backend, tensor), tf.util.sizeFromShape(tensor.shape))
  const [x, slopes, gradient] = [valuesOf(input), valuesOf(dy), valuesOf(output)]
  gradient.fill(0)
  const { inDepth, inHeight, inWidth, inChannels, padInfo } = info
  const along = (place: number, stride: number, pad: number, window: number, extent: number) => ({
    from: Math.max(0, place * stride - pad),
    to: Math.min(extent, place * stride - pad + window),
  })
  let at = 0
  for (let image = 0; image < info.batchSize; image++)
    for (let layer = 0; layer < info.outDepth; layer++) {
      const z = along(layer, info.strideDepth, padInfo.front, info.effectiveFilterDepth, inDepth)
      for (let row = 0; row < info.outHeight; row++) {
        const y = along(row, info.strideHeight, padInfo.top, info.effectiveFilterHeight, inHeight)
        for (let column = 0; column < info.outWidth; column++) {
          const across = along(
            ...([column, info.strideWidth, padInfo.left] as const),
            ...([info.effectiveFilterWidth, inWidth] as const),
          )
          for (let channel = 0; channel < inChannels; channel++) {
            let largest = -Infinity
            let place = -1
            for (let depth = z.from; depth < z.to; depth++)
              for (let line = y.from; line < y.to; line++) {
                const start = ((image * inDepth + depth) * inHeight + line) * inWidth
                for (let pixel = across.from; pixel < across.to; pixel++) {
                  const index = (start + pixel) * inChannels + channel
                  if (x[index]! <= largest || Number.isNaN(x[index])) continue
                  largest = x[index]!
                  place = index
                }
              }
            if (place >= 0) gradient[place]! += slopes[at]!
            at++
          }
        }
      }
    }
  return output
}

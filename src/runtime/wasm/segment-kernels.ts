import * as tf from '@tensorflow/tfjs-core'
import { addressOf, floatsAt, integersAt, type WasmBackend } from './backend-memory.ts'
import { replaceKernel } from './kernel-call.ts'

/** Registers sums over rows that share a number, the gradient of looking rows up: of embeddings. The wasm backend lacks it. */
export function registerSegmentKernels(): void {
  replaceKernel(tf.UnsortedSegmentSum, ({ inputs, backend, attrs }) => {
    const { x, segmentIds } = inputs as { x: tf.TensorInfo; segmentIds: tf.TensorInfo }
    const { numSegments } = attrs as unknown as tf.UnsortedSegmentSumAttrs
    const rank = segmentIds.shape.length
    const count = tf.util.sizeFromShape(segmentIds.shape)
    const rowShape = x.shape.slice(rank)
    const row = tf.util.sizeFromShape(rowShape)
    const wasm = backend as WasmBackend
    const output = wasm.makeOutput([numSegments, ...rowShape], 'float32')
    const sums = floatsAt(wasm, addressOf(wasm, output), numSegments * row).fill(0)
    const values = floatsAt(wasm, addressOf(wasm, x), count * row)
    const segments = integersAt(wasm, addressOf(wasm, segmentIds), count)
    for (let index = 0; index < count; index++) {
      const segment = segments[index]!
      if (segment < 0 || segment >= numSegments) continue
      for (let place = 0; place < row; place++)
        sums[segment * row + place]! += values[index * row + place]!
    }
    return output
  })
}

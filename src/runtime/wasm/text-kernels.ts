import * as tf from '@tensorflow/tfjs-core'
import { COLUMN_SUMS } from '../column-sums.ts'
import { SPARSE_CROSS_ENTROPY } from '../cross-entropy.ts'
import { GELU, GELU_GRADIENT } from '../gelu.ts'
import {
  addressOf,
  floatsAt,
  functionsOf,
  integersAt,
  withScratch,
  type WasmBackend,
} from './backend-memory.ts'
import { geluCode, type GeluFunction } from './gelu-code.ts'
import { replaceKernel } from './kernel-call.ts'
import { linkedFunctions } from './linked-functions.ts'
import { softmaxCode, type SoftmaxFunction } from './softmax-code.ts'
import { FLOAT } from './tile-code.ts'

const geluFunctions = linkedFunctions<GeluFunction>(geluCode)
const softmaxFunctions = linkedFunctions<SoftmaxFunction>(softmaxCode)

/** Registers kernels that networks for text spend their time in, beside products: of elements, columns and scores. */
export function registerTextKernels(): void {
  replaceKernel(GELU, ({ inputs, backend }) => {
    const { x } = inputs as { x: tf.TensorInfo }
    return elementwise(backend as WasmBackend, x, (size, to, at) =>
      geluFunctions(backend as WasmBackend).gelu(size, at(x), to),
    )
  })
  replaceKernel(GELU_GRADIENT, ({ inputs, backend }) => {
    const { x, dy } = inputs as { x: tf.TensorInfo; dy: tf.TensorInfo }
    return elementwise(backend as WasmBackend, x, (size, to, at) =>
      geluFunctions(backend as WasmBackend).geluGradient(size, at(x), at(dy), to),
    )
  })
  replaceKernel(COLUMN_SUMS, ({ inputs, backend }) => {
    const wasm = backend as WasmBackend
    const x = inputs['x']!
    const columns = x.shape.at(-1)!
    const output = wasm.makeOutput([columns], 'float32')
    const size = FLOAT * tf.util.sizeFromShape(x.shape)
    const { channelSums } = functionsOf(wasm).call
    channelSums(addressOf(wasm, x), FLOAT * columns, size, addressOf(wasm, output))
    return output
  })
  replaceKernel(SPARSE_CROSS_ENTROPY, ({ inputs, backend }) =>
    sparseCrossEntropy(backend as WasmBackend, inputs['scores']!, inputs['labels']!),
  )
}

/** An output of the shape of `x` that `write` fills, `size` its bytes and `to` its address. */
function elementwise(
  backend: WasmBackend,
  x: tf.TensorInfo,
  write: (size: number, to: number, at: (tensor: tf.TensorInfo) => number) => void,
): tf.TensorInfo {
  const output = backend.makeOutput(x.shape, 'float32')
  const at = (tensor: tf.TensorInfo): number => addressOf(backend, tensor)
  write(FLOAT * tf.util.sizeFromShape(x.shape), at(output), at)
  return output
}

function sparseCrossEntropy(
  backend: WasmBackend,
  scores: tf.TensorInfo,
  labels: tf.TensorInfo,
): tf.TensorInfo[] {
  const [batch = 0, classes = 0] = scores.shape
  const loss = backend.makeOutput([], 'float32')
  const gradient = backend.makeOutput(scores.shape, 'float32')
  const from = addressOf(backend, scores)
  const to = addressOf(backend, gradient)
  withScratch(backend, FLOAT * (1 + 2 * batch), (factor) => {
    const totals = factor + FLOAT
    floatsAt(backend, factor, 1)[0] = 1 / batch
    softmaxFunctions(backend).softmaxRows(from, FLOAT * classes, batch, factor, to, totals)
    const [values, slopes] = [from, to].map((at) => floatsAt(backend, at, batch * classes))
    const sums = floatsAt(backend, totals, 2 * batch)
    const answers = integersAt(backend, addressOf(backend, labels), batch)
    let lossSum = 0
    for (let row = 0; row < batch; row++) {
      const place = row * classes + answers[row]!
      lossSum += Math.log(sums[2 * row]!) + sums[2 * row + 1]! - values![place]!
      slopes![place]! -= 1 / batch
    }
    floatsAt(backend, addressOf(backend, loss), 1)[0] = lossSum / batch
  })
  return [loss, gradient]
}

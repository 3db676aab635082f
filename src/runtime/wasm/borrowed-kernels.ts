import * as tf from '@tensorflow/tfjs-core'
import { addressOf, floatsAt, type WasmBackend } from './backend-memory.ts'
import { replaceKernel, type KernelCall } from './kernel-call.ts'

/** Kernels of 32-bit floats that give wrong numbers on the wasm backend of tfjs 4.22. */
const WRONG_ON_WASM = [
  // For all images but the first.
  tf.ResizeNearestNeighborGrad,
  // With strides; the second without them too.
  tf.Conv3DBackpropFilterV2,
  tf.Conv3DBackpropInputV2,
  tf.Dilation2DBackpropFilter,
  tf.Dilation2DBackpropInput,
] as const

/** Registers on the wasm backend, for kernels that are wrong there, those of the cpu backend, which has to be loaded. */
export function registerBorrowedKernels(): void {
  for (const name of WRONG_ON_WASM) {
    const { kernelFunc } = tf.getKernel(name, 'cpu')
    replaceKernel(name, (call) => kernelFunc({ ...call, backend: asCpu(call) }))
  }
}

/** The wasm backend as the cpu backend, in what those kernels use of it. */
function asCpu({ backend, inputs }: KernelCall): object {
  const wasm = backend as WasmBackend
  const valuesOf = (tensor: tf.TensorInfo): Float32Array =>
    floatsAt(wasm, addressOf(wasm, tensor), tf.util.sizeFromShape(tensor.shape))
  const tensors = Object.values(inputs) as readonly tf.TensorInfo[]
  const makeTensorInfo = (
    shape: readonly number[],
    dtype: 'float32',
    values: ArrayLike<number>,
  ): tf.TensorInfo => {
    const output = wasm.makeOutput(shape, dtype)
    valuesOf(output).set(values)
    return output
  }
  return {
    data: {
      get: (dataId: object) => ({
        values: valuesOf(tensors.find((tensor) => tensor.dataId === dataId)!),
      }),
    },
    makeTensorInfo,
    write: (values: ArrayLike<number>, shape: readonly number[], dtype: 'float32') =>
      makeTensorInfo(shape, dtype, values).dataId,
  }
}

import type * as tf from '@tensorflow/tfjs-core'
import { convolutionCode } from './convolution-code.ts'
import { encodeModule } from '../../wasm/encode.ts'
import { normalizationCode } from './normalization-code.ts'

/** The parts of the tfjs wasm backend that kernels use, and that its typings leave out. */
export interface WasmBackend {
  readonly wasm: {
    readonly asm: { readonly memory: WebAssembly.Memory }
    readonly _malloc: (bytes: number) => number
    readonly _free: (address: number) => void
    readonly tfjs: {
      readonly registerTensor: (id: number, size: number, address: number) => void
      readonly disposeData: (id: number) => void
    }
  }
  readonly dataIdMap: {
    get(dataId: object): { readonly id: number; readonly memoryOffset: number }
  }
  makeOutput(shape: readonly number[], dtype: 'float32'): tf.TensorInfo
  disposeData(dataId: object): boolean
  refCount(dataId: object): number
  incRef(dataId: object): void
}

/** A function of our module: addresses and sizes in. */
type NumericFunction = (...parameters: readonly number[]) => void

/** Our functions over the memory of a tfjs wasm backend. */
export interface NumericFunctions {
  readonly call: Readonly<Record<FunctionName, NumericFunction>>
}

type FunctionName =
  | 'convolution'
  | 'filterGradient'
  | 'inputGradient'
  | 'channelSums'
  | 'channelSquares'
  | 'affine'
  | 'affineGradient'
  | 'swish'
  | 'swishGradient'
  | 'combine'

const linked = new WeakMap<WasmBackend, NumericFunctions>()

/** The functions of our module, linked to the memory of `backend`, so that they work on its tensors in place. */
export function functionsOf(backend: WasmBackend): NumericFunctions {
  const known = linked.get(backend)
  if (known !== undefined) return known
  const module = new WebAssembly.Module(
    encodeModule([...convolutionCode(), ...normalizationCode()]),
  )
  const instance = new WebAssembly.Instance(module, { env: { memory: backend.wasm.asm.memory } })
  const call = instance.exports as unknown as NumericFunctions['call']
  const functions = { call }
  linked.set(backend, functions)
  return functions
}

/** Where the values of `tensor` are. Valid until the tensor is disposed of. */
export function addressOf(backend: WasmBackend, tensor: tf.TensorInfo): number {
  return backend.dataIdMap.get(tensor.dataId).memoryOffset
}

/** Tells the backend that the values of `tensor` are others: it keeps factors of products in an order of its own by their tensor. */
export function noteChange({ wasm, dataIdMap }: WasmBackend, tensor: tf.Tensor): void {
  const { id, memoryOffset } = dataIdMap.get(tensor.dataId)
  wasm.tfjs.disposeData(id)
  wasm.tfjs.registerTensor(id, tensor.size, memoryOffset)
}

/** The floats at `address`. Valid until the memory grows: until anything is allocated. */
export function floatsAt(backend: WasmBackend, address: number, length: number): Float32Array {
  return new Float32Array(backend.wasm.asm.memory.buffer, address, length)
}

/** The 32-bit integers at `address`, as `floatsAt` gives floats. */
export function integersAt(backend: WasmBackend, address: number, length: number): Int32Array {
  return new Int32Array(backend.wasm.asm.memory.buffer, address, length)
}

/** Lends `bytes` bytes of the backend's memory to `use`. */
export function withScratch<T>(
  backend: WasmBackend,
  bytes: number,
  use: (address: number) => T,
): T {
  const address = backend.wasm._malloc(bytes) >>> 0
  try {
    return use(address)
  } finally {
    backend.wasm._free(address)
  }
}

import * as tf from '@tensorflow/tfjs-core'
import type { Kernel, KernelCall, LinkedKernel, WasmMemory } from './kernel.ts'

/** The wasm backend, where it is in use with SIMD and a memory of one thread. */
export function usableWasm(): WasmMemory | undefined {
  if (tf.getBackend() !== 'wasm' || tf.env().get('WASM_HAS_SIMD_SUPPORT') !== true) return undefined
  const backend = tf.backend() as unknown as WasmMemory
  return backend.wasm.asm.memory.buffer instanceof ArrayBuffer ? backend : undefined
}

/** Runs a kernel on tensors in the memory of the wasm backend. */
export function runOnWasm(call: KernelCall, backend: WasmMemory): tf.Tensor[] {
  const { kernel, changed, shapes, read, numbers, sizes, keys, step } = call
  const own = changed.map((variable) => ownAddress(backend, variable))
  const made = shapes.map((shape) =>
    tf.engine().makeTensorFromTensorInfo(backend.makeOutput(shape, 'float32')),
  )
  const others = [...made, ...read].map((tensor) => addressOf(backend, tensor))
  const words = 4 + own.length + others.length + numbers.length + 2 * keys.length + 1
  const room = 4 * (kernel.rows[0] * sizes.outputs + kernel.rows[1] * sizes.inputs)
  const { run, address } = linkedKernel(kernel, backend, 4 * words + room)
  const { buffer } = backend.wasm.asm.memory
  const table = new Int32Array(buffer, address, words)
  table.set([sizes.elements, sizes.outputs, sizes.inputs, address + 4 * words])
  table.set(own, 4)
  table.set(others, 4 + own.length)
  const first = 4 + own.length + others.length
  new Float32Array(buffer, address, words).set(numbers, first)
  table.set([...keys.flat(), step], first + numbers.length)
  run(address)
  for (const variable of changed) noteChange(backend, variable)
  return made
}

/** The kernel in the memory of the backend, with a table of that many bytes. */
export function linkedKernel(kernel: Kernel, backend: WasmMemory, bytes: number): LinkedKernel {
  if (kernel.linked?.backend !== backend) {
    const { memory } = backend.wasm.asm
    const { exports } = new WebAssembly.Instance(wasmModule(kernel), { env: { memory } })
    kernel.linked = { backend, run: exports['run'] as LinkedKernel['run'], address: 0, bytes: 0 }
  }
  const { linked } = kernel
  if (linked.bytes < bytes) {
    if (linked.bytes > 0) backend.wasm._free(linked.address)
    linked.address = backend.wasm._malloc(bytes) >>> 0
    linked.bytes = bytes
  }
  return linked
}

/** The module of a kernel, with relaxed SIMD where the engine has it. */
export function wasmModule({ wasm: [plain, relaxed = ''] }: Kernel): WebAssembly.Module {
  const bytesOf = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  const better = bytesOf(relaxed)
  const isBetter = better.length > 0 && WebAssembly.validate(better)
  return new WebAssembly.Module(isBetter ? better : bytesOf(plain!))
}

/** Where the values of a tensor are. Valid until it is disposed of. */
export function addressOf(backend: WasmMemory, tensor: tf.TensorInfo): number {
  return backend.dataIdMap.get(tensor.dataId).memoryOffset
}

/** Where the values of a variable are, which are nobody else's: it gets a copy of those that another tensor has too. */
export function ownAddress(backend: WasmMemory, variable: tf.Variable): number {
  const shared = addressOf(backend, variable)
  if (backend.refCount(variable.dataId) <= 1) return shared
  const copy = tf.engine().makeTensorFromTensorInfo(backend.makeOutput(variable.shape, 'float32'))
  const address = addressOf(backend, copy)
  const bytes = new Uint8Array(backend.wasm.asm.memory.buffer)
  bytes.copyWithin(address, shared, shared + 4 * variable.size)
  variable.assign(copy)
  copy.dispose()
  return address
}

/** Tells the backend that values were changed in place: it keeps weights in an order of its own by their tensor. */
export function noteChange(backend: WasmMemory, variable: tf.Variable): void {
  const { id, memoryOffset } = backend.dataIdMap.get(variable.dataId)
  backend.wasm.tfjs.disposeData(id)
  backend.wasm.tfjs.registerTensor(id, variable.size, memoryOffset)
}

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
  for (const variable of changed) ownValuesThere(backend, variable)
  const made = shapes.map((shape) =>
    tf.engine().makeTensorFromTensorInfo(backend.makeOutput(shape, 'float32')),
  )
  const tensors = changed.length + made.length + read.length
  const words = 4 + tensors + numbers.length + 2 * keys.length + 1
  const room = 4 * (kernel.rows[0] * sizes.outputs + kernel.rows[1] * sizes.inputs)
  const { run, address, integers, floats } = linkedKernel(kernel, backend, 4 * words + room)
  // Written number by number: views and lists would be thrown away at each call.
  let at = address / 4
  integers[at++] = sizes.elements
  integers[at++] = sizes.outputs
  integers[at++] = sizes.inputs
  integers[at++] = address + 4 * words
  for (const tensor of changed) integers[at++] = addressOf(backend, tensor)
  for (const tensor of made) integers[at++] = addressOf(backend, tensor)
  for (const tensor of read) integers[at++] = addressOf(backend, tensor)
  for (const number of numbers) floats[at++] = number
  for (const key of keys) {
    integers[at++] = key[0]
    integers[at++] = key[1]
  }
  integers[at] = step
  run(address)
  for (const variable of changed) noteChange(backend, variable)
  return made
}

/** The kernel in the memory of the backend, with a table of that many bytes. */
export function linkedKernel(kernel: Kernel, backend: WasmMemory, bytes: number): LinkedKernel {
  const { memory } = backend.wasm.asm
  if (kernel.linked?.backend !== backend) {
    const { exports } = new WebAssembly.Instance(wasmModule(kernel), { env: { memory } })
    const run = exports['run'] as LinkedKernel['run']
    kernel.linked = { backend, run, address: 0, bytes: 0, ...viewsOf(memory.buffer) }
  }
  const { linked } = kernel
  if (linked.bytes < bytes) {
    if (linked.bytes > 0) backend.wasm._free(linked.address)
    linked.address = backend.wasm._malloc(bytes) >>> 0
    linked.bytes = bytes
  }
  // Memory that has grown is another buffer.
  const { buffer } = memory
  if (linked.integers.buffer !== buffer) Object.assign(linked, viewsOf(buffer))
  return linked
}

/** A memory as numbers. */
export function viewsOf(buffer: ArrayBuffer): Pick<LinkedKernel, 'integers' | 'floats'> {
  return { integers: new Int32Array(buffer), floats: new Float32Array(buffer) }
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

/** Gives a variable whose values another tensor has too a copy of its own. */
export function ownValuesThere(backend: WasmMemory, variable: tf.Variable): void {
  if (backend.refCount(variable.dataId) <= 1) return
  const shared = addressOf(backend, variable)
  const copy = tf.engine().makeTensorFromTensorInfo(backend.makeOutput(variable.shape, 'float32'))
  const bytes = new Uint8Array(backend.wasm.asm.memory.buffer)
  bytes.copyWithin(addressOf(backend, copy), shared, shared + 4 * variable.size)
  variable.assign(copy)
  copy.dispose()
}

/** Tells the backend that values were changed in place: it keeps weights in an order of its own by their tensor. */
export function noteChange(backend: WasmMemory, variable: tf.Variable): void {
  const { id, memoryOffset } = backend.dataIdMap.get(variable.dataId)
  backend.wasm.tfjs.disposeData(id)
  backend.wasm.tfjs.registerTensor(id, variable.size, memoryOffset)
}

import { encodeModule, type Encoding } from '../../wasm/encode.ts'
import type { ExportedFunction } from '../../wasm/function.ts'
import type { WasmBackend } from './backend-memory.ts'

/** A function of a module: addresses, sizes and counts in, nothing out. */
export type LinkedFunction = (...parameters: readonly number[]) => void

/**
 * The functions of a module that is encoded once and linked to the memory of each backend once, by their names, so that they
 * work on its tensors in place.
 */
export function linkedFunctions<Name extends string>(
  write: () => readonly ExportedFunction[],
  encoding: () => Encoding = () => ({}),
): (backend: WasmBackend) => Readonly<Record<Name, LinkedFunction>> {
  let module: WebAssembly.Module | undefined
  const linked = new WeakMap<WasmBackend, Readonly<Record<Name, LinkedFunction>>>()
  return (backend) => {
    const known = linked.get(backend)
    if (known !== undefined) return known
    module ??= new WebAssembly.Module(encodeModule(write(), encoding()))
    const { memory } = backend.wasm.asm
    const { exports } = new WebAssembly.Instance(module, { env: { memory } })
    const functions = exports as unknown as Readonly<Record<Name, LinkedFunction>>
    linked.set(backend, functions)
    return functions
  }
}

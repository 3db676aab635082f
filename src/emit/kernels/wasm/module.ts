import type { Kernel } from '../../../plan/kernels.ts'
import { encodeModule } from '../../../wasm/encode.ts'
import { wasmKernel, type WasmKernel } from './kernel.ts'

/** A kernel as WebAssembly modules that import the memory `env.memory` and export the function RUN. */
export interface WasmModules extends Pick<WasmKernel, 'scratch'> {
  /** What works in every engine with SIMD first, then what does its work better where it works. */
  readonly modules: readonly Uint8Array<ArrayBuffer>[]
}

/** Whether there is one module, which gives the same bits in every engine, or also one that is faster where the engine allows. */
export type Encodings = 'repeatable' | 'fastest'

/** The modules of a kernel. Throws a RangeError for an operator that is not written in WebAssembly. */
export function wasmModules(kernel: Kernel, encodings: Encodings): WasmModules {
  const { function: run, scratch } = wasmKernel(kernel)
  const plain = encodeModule([run])
  if (encodings === 'repeatable') return { modules: [plain], scratch }
  const relaxed = encodeModule([run], { relaxed: true })
  const isSame = plain.length === relaxed.length && plain.every((byte, at) => byte === relaxed[at])
  return { modules: isSame ? [plain] : [plain, relaxed], scratch }
}

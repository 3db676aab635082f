import type { Kernel } from '../../../plan/kernels.ts'
import { encodeModule } from '../../../wasm/encode.ts'
import { hasRelaxedSimd } from '../../../wasm/features.ts'
import { wasmKernel, type WasmKernel } from './kernel.ts'

/** A kernel as WebAssembly modules that import the memory `env.memory` and export the function RUN. */
export interface WasmModules extends Pick<WasmKernel, 'scratch'> {
  /** What works in every engine with SIMD first, then what does its work better where it works. */
  readonly modules: readonly Uint8Array<ArrayBuffer>[]
}

/** For which engines modules are encoded: any, or the one that is running, with one module. */
export type Engines = 'any' | 'this'

/** The modules of a kernel. Throws a RangeError for an operator that is not written in WebAssembly. */
export function wasmModules(kernel: Kernel, engines: Engines): WasmModules {
  const { function: run, scratch } = wasmKernel(kernel)
  if (engines === 'this') return { modules: [encodeModule([run], { relaxed: isRelaxed() })], scratch }
  const plain = encodeModule([run])
  const relaxed = encodeModule([run], { relaxed: true })
  const isSame = plain.length === relaxed.length && plain.every((byte, at) => byte === relaxed[at])
  return { modules: isSame ? [plain] : [plain, relaxed], scratch }
}

let known: boolean | undefined

const isRelaxed = (): boolean => (known ??= hasRelaxedSimd())

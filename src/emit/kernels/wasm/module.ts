import type { Kernel } from '../../../plan/kernels.ts'
import { encodeModule } from '../../../wasm/encode.ts'
import { wasmKernel, type WasmKernel } from './kernel.ts'

/** A kernel as WebAssembly modules that import the memory `env.memory` and export the function RUN. */
export interface WasmModules extends Pick<WasmKernel, 'scratch'> {
  /** For every engine with SIMD. */
  readonly plain: Uint8Array<ArrayBuffer>
  /** With fused multiplications and additions of relaxed SIMD, where that makes a difference. */
  readonly relaxed?: Uint8Array<ArrayBuffer>
}

/** The modules of a kernel. Throws a RangeError for an operator that is not written in WebAssembly. */
export function wasmModules(kernel: Kernel): WasmModules {
  const { function: run, scratch } = wasmKernel(kernel)
  const plain = encodeModule([run])
  const relaxed = encodeModule([run], { relaxed: true })
  const isSame = plain.length === relaxed.length && plain.every((byte, at) => byte === relaxed[at])
  return isSame ? { plain, scratch } : { plain, relaxed, scratch }
}

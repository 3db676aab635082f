import { encodeModule, type Encoding } from '../../src/wasm/encode.ts'
import type { ExportedFunction } from '../../src/wasm/function.ts'

/** An instance of a module with a memory of its own. */
export interface Instance {
  readonly memory: WebAssembly.Memory
  readonly functions: Readonly<Record<string, (...parameters: number[]) => number | undefined>>
}

/** An address where tests can put something. */
export const FREE = 4096

/** The functions over `pages` pages of memory. */
export function instantiate(
  functions: readonly ExportedFunction[],
  encoding: Encoding = {},
  pages = 1,
): Instance {
  const memory = new WebAssembly.Memory({ initial: pages })
  const module = new WebAssembly.Module(encodeModule(functions, encoding))
  const instance = new WebAssembly.Instance(module, { env: { memory } })
  return { memory, functions: instance.exports as Instance['functions'] }
}

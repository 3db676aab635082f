import { encodeModule, type Encoding } from '../../src/wasm/encode.ts'
import type { ExportedFunction } from '../../src/wasm/function.ts'

/** An instance of a module with a memory of its own. */
export interface Instance {
  readonly memory: WebAssembly.Memory
  readonly functions: Readonly<Record<string, (...parameters: number[]) => number | undefined>>
}

/** Where constants are in the memory of an instance; what a test puts there has to stand behind them. */
const CONSTANTS = 16
export const FREE = 4096

/** The functions over `pages` pages of memory. */
export function instantiate(
  functions: readonly ExportedFunction[],
  encoding: Encoding = {},
  pages = 1,
): Instance {
  const { binary, constantBytes } = encodeModule(functions, encoding)
  if (CONSTANTS + constantBytes > FREE) throw new RangeError(`${constantBytes} bytes of constants`)
  const memory = new WebAssembly.Memory({ initial: pages })
  const instance = new WebAssembly.Instance(new WebAssembly.Module(binary), {
    env: { memory, constants: new WebAssembly.Global({ value: 'i32' }, CONSTANTS) },
  })
  return { memory, functions: instance.exports as Instance['functions'] }
}

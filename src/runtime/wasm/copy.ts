import { increase, whileFits } from '../../wasm/control.ts'
import { encodeModule } from '../../wasm/encode.ts'
import { defineFunction } from '../../wasm/function.ts'
import { i32, v128 } from '../../wasm/operations.ts'
import { get, sequence, set } from '../../wasm/tree.ts'
import type { WasmBackend } from './backend-memory.ts'

const VECTOR = 16
/** Vectors that are moved in a turn of the loop. */
const TURN = 4

const NAME = 'copy'

const copyCode = defineFunction(NAME, ['from', 'to', 'bytes'], ({ from, to, bytes }, { local }) => {
  const done = local('i32')
  const place = Array.from({ length: TURN }, (_, index) => index * VECTOR)
  const moves = place.map((offset) => v128.store(get(to), v128.load(get(from), offset), offset))
  return sequence(
    set(done, i32.constant(0)),
    whileFits(
      done,
      TURN * VECTOR,
      get(bytes),
      sequence(
        ...moves,
        increase(from, i32.constant(TURN * VECTOR)),
        increase(to, i32.constant(TURN * VECTOR)),
      ),
    ),
  )
})

/** Copies bytes inside the memory of a backend with SIMD, 64 at a time; what is left over stays. Addresses and length in bytes. */
export type CopyBytes = (from: number, to: number, bytes: number) => void

/** What a pass over memory costs there that computes nothing. */
export function linkCopy(backend: WasmBackend): CopyBytes {
  const module = new WebAssembly.Module(encodeModule([copyCode]))
  const instance = new WebAssembly.Instance(module, { env: { memory: backend.wasm.asm.memory } })
  return instance.exports[NAME] as CopyBytes
}

import { encodeModule } from './encode.ts'
import { expressionFunction } from './function.ts'
import { madd } from './operations.ts'

/**
 * Whether the engine knows relaxed SIMD, with which a multiplication and an addition are one instruction: Node 22 does, Node
 * 20 with `--experimental-wasm-relaxed-simd`.
 */
export function hasRelaxedSimd(): boolean {
  const definition = expressionFunction(['v128', 'v128', 'v128'], 'v128', madd.f32x4)
  return WebAssembly.validate(encodeModule([{ name: 'f', definition }], { relaxed: true }))
}

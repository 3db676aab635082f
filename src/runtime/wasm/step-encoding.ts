import type { Encoding } from '../../wasm/encode.ts'
import { hasRelaxedSimd } from '../../wasm/features.ts'

/** How the functions of a training step are encoded: with fused multiplications and additions where the engine has them. */
export const encoding = (): Encoding => ({ relaxed: hasRelaxedSimd() })

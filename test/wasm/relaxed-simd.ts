import { setFlagsFromString } from 'node:v8'
import { hasRelaxedSimd } from '../../src/wasm/features.ts'

// Node 20 has it behind a flag, which V8 reads when it meets a module; later versions no longer know the flag.
if (!hasRelaxedSimd()) setFlagsFromString('--experimental-wasm-relaxed-simd')

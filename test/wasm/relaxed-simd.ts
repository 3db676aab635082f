import { setFlagsFromString } from 'node:v8'

// Node 20 has it behind a flag, later versions without; V8 reads the flag when it meets a module.
setFlagsFromString('--experimental-wasm-relaxed-simd')

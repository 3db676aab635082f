import { kernelTests } from './kernel-tests.ts'

/** More with FUZZ=10000, as `npm run fuzz` sets it. */
const PROGRAMS = Number(process.env['FUZZ'] ?? 300)

for (const backend of ['wasm', 'cpu'] as const)
  kernelTests(backend, { random: PROGRAMS, published: PROGRAMS }, `kernels-${backend}`)

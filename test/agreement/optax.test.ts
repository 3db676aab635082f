import { pythonAgreement, SAMPLE } from './python/agreement.ts'

// JAX compiles each operation for each shape first, which takes longer than the runs: a few of each kind.
pythonAgreement('optax', { published: 2, random: 8, matrices: 3, sample: SAMPLE, every: 4 })

import { pythonAgreement, SAMPLE } from './python/agreement.ts'

for (const column of ['keras-jax', 'keras-tensorflow', 'keras-torch'] as const)
  pythonAgreement(column, { published: 2, random: 8, matrices: 3, sample: SAMPLE, every: 8 })

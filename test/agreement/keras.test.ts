import { A_FEW, pythonAgreement } from './python/agreement.ts'

for (const column of ['keras-jax', 'keras-tensorflow', 'keras-torch'] as const)
  pythonAgreement(column, A_FEW)

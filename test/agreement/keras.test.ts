import { kerasAgreement } from './python-agreement.ts'

for (const backend of ['jax', 'tensorflow', 'torch'] as const)
  kerasAgreement(backend, { published: 2, random: 8, matrices: 3 }, true, 8)

import { kerasAgreement } from './python-agreement.ts'

kerasAgreement('jax', { published: 40, random: 200, matrices: 75 })

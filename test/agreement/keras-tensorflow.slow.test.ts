import { kerasAgreement } from './python-agreement.ts'

kerasAgreement('tensorflow', { published: 40, random: 200, matrices: 75 })

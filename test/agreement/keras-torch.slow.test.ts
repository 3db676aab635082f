import { kerasAgreement } from './python-agreement.ts'

kerasAgreement('torch', { published: 40, random: 200, matrices: 75 })

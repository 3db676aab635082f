import { optaxAgreement } from './python-agreement.ts'

optaxAgreement({ published: 40, random: 200, matrices: 75 })

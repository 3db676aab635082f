import { optaxAgreement } from './python-agreement.ts'

optaxAgreement({ published: 5, random: 20, matrices: 10 }, true)

import { pytorchAgreement } from './python-agreement.ts'

pytorchAgreement({ published: 40, random: 200, matrices: 75 })

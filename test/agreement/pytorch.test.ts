import { pytorchAgreement } from './python-agreement.ts'

pytorchAgreement({ published: 5, random: 20, matrices: 10 }, true)

import { pytorchAgreement } from './pytorch-agreement.ts'

pytorchAgreement({ published: 40, random: 200, matrices: 75 })

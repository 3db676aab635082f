import { pythonAgreement, SAMPLE } from './python/agreement.ts'

pythonAgreement('pytorch', { published: 5, random: 20, matrices: 10, sample: SAMPLE, every: 1 })

import { EVERYTHING, pythonAgreement } from './python/agreement.ts'

pythonAgreement('pytorch', EVERYTHING)

import { EVERYTHING, pythonAgreement } from './python/agreement.ts'

pythonAgreement('optax', EVERYTHING)

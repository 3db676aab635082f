import { EVERYTHING, pythonAgreement } from './python/agreement.ts'

pythonAgreement('keras-jax', EVERYTHING)

import { A_FEW, pythonAgreement } from './python/agreement.ts'

pythonAgreement('optax', A_FEW)

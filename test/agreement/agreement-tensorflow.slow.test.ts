import { tensorBackends } from '../emit/tensor-backend.ts'
import { agreementTests } from './agreement-tests.ts'

for (const backend of await tensorBackends(['tensorflow']))
  agreementTests(backend, { published: 40, random: 200, matrices: 50 })

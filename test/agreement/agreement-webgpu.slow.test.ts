import { tensorBackends } from '../emit/tensor-backend.ts'
import { agreementTests } from './agreement-tests.ts'

/** SwiftShader takes a second for a program: a part of what is drawn. */
for (const backend of await tensorBackends(['webgpu']))
  agreementTests(backend, { published: 20, random: 50, matrices: 25 })

import { tensorBackends } from '../emit/tensor-backend.ts'
import { reductionTests } from './reduction-tests.ts'

for (const backend of await tensorBackends(['webgpu'])) reductionTests(backend)

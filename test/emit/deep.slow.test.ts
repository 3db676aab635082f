import { deepTests } from './deep-tests.ts'

deepTests()

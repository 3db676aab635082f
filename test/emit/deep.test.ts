import { deepTests } from './deep-tests.ts'

/** A few of what deep.slow.test.ts tries. */
deepTests(['elements', 'a state of the run', 'names of the run in a row'])

import type { DataProblem } from '../../tasks/data-file.ts'
import { failure, type Failure } from './failure.ts'

/** A data file that is missing or no good: which, what was expected there, and how to get it. */
export function dataFailure({ path, problem, expected, remedy }: DataProblem): Failure {
  return failure('failed', `${path} ${problem}; expected ${expected}`, remedy)
}

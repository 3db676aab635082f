import type { Budget } from '../../../evolve/search-configuration.ts'
import type { ExpectedWork } from './expected-work.ts'

/** What a search has to do with beside its events. */
export interface SearchClock {
  readonly workers: number
  readonly budget: Budget | undefined
  /** All there is to do. */
  readonly expected: ExpectedWork
  /** Milliseconds since this process began to judge. */
  readonly elapsed: number
  /** Milliseconds of earlier processes that count against the budget. */
  readonly spentBefore: number
}

import { failureWords, type MutationFailure } from '../mutate/mutations/table.ts'
import { FILTERS } from './filters.ts'

/** Why a rule that a draw or a mutation gave is thrown away, in words. */
const EXAMINED = {
  'does-not-check': 'a rule with errors',
  integrity: 'does not minimise a sphere in 35 steps',
  known: 'computes what a known rule computes',
} as const

const FILTER = 'filter:'

/** Why a drawn or mutated rule was thrown away: `filter:NAME` where a filter before training did it. */
export type Rejection = MutationFailure | keyof typeof EXAMINED | `${typeof FILTER}${string}`

/** The rejection by the filter of that name. */
export function rejectionBy(filter: string): Rejection {
  return `${FILTER}${filter}`
}

/** What a reason in a journal means, in words; undefined for one that this version does not give. */
export function rejectionWords(reason: string): string | undefined {
  const filter = FILTERS.find(({ name }) => rejectionBy(name) === reason)
  return filter === undefined ? known.get(reason) : `does not hold: ${filter.summary}`
}

const known: ReadonlyMap<string, string> = new Map([...failureWords(), ...Object.entries(EXAMINED)])

import type { EntryOf, Final, Work } from '../evolve/journal.ts'

/** What rules have to pass before they are trained in one kind of search. */
export interface Arm {
  readonly name: string
  /** Whether the integrity check is one of them. */
  readonly isChecked: boolean
  /** Names of filters. */
  readonly filters: readonly string[]
}

/** A search with one arm's tests before training. */
export interface Searched {
  readonly arm: string
  readonly seed: number
  readonly works: readonly Work[]
  readonly selections: readonly EntryOf<'select'>[]
  /** Its best rules on fresh seeds, the best first. */
  readonly finals: readonly Final[]
  /** Training steps before the final evaluation. */
  readonly steps: number
}

/** The name of the arm without any test, and of the one with the published check alone. */
export const UNCHECKED = 'none'
export const CHECKED = 'integrity'

/**
 * The arms that a study compares: without a test, with the published check, and with the check and one filter each (or `all` of
 * them). The check is what the others are compared with.
 */
export function armsOf(filters: readonly string[], all: readonly string[]): readonly Arm[] {
  return [
    { name: CHECKED, isChecked: true, filters: [] },
    { name: UNCHECKED, isChecked: false, filters: [] },
    ...filters.map((name) => ({
      name: `${CHECKED}, ${name}`,
      isChecked: true,
      filters: name === 'all' ? all : [name],
    })),
  ]
}

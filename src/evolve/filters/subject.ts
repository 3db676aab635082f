import type { Program } from '../../ir/graph.ts'

/** A rule as the integrity check accepted it. */
export interface FilterSubject {
  readonly program: Program
  /** Whether its update is to be added instead of subtracted. */
  readonly flipped: boolean
  /** Absent for a rule that has none. */
  readonly learningRate?: number | undefined
}

import type { Protocol } from '../tasks/protocol.ts'
import type { Measure } from './measure.ts'
import type { Run } from './run.ts'
import type { ShownRule } from './shown-rule.ts'

/** Some of the rules asked about. */
export interface Portion {
  readonly count: number
  /** Of them all; undefined when there were none. */
  readonly share: number | undefined
}

/** What one filter before training would have done to the rules of a run. */
export interface FilterStatistics {
  readonly name: string
  /** Failures it would have removed, of all failures. */
  readonly failuresRemoved: Portion
  /** Good rules it would have cost, of the good ones. */
  readonly goodLost: Portion
  /** Evaluations that would not have been made, of all. */
  readonly evaluationsSaved: Portion
}

/** What the sections of a report are made from. */
export interface Context {
  readonly run: Run
  /** The best first. */
  readonly best: readonly ShownRule[]
  readonly protocol: Protocol | undefined
  readonly filters: readonly FilterStatistics[] | undefined
  /** What final results are compared by, and what the search went by. */
  readonly test: Measure
  readonly score: Measure
  /** Colours of rules: the finalists', then the baselines'. */
  readonly colorOf: (name: string) => number
}

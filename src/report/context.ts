import type { FilterStatistics } from '../evolve/filter-report.ts'
import type { Protocol } from '../tasks/protocol.ts'
import type { Measure } from '../study/measure.ts'
import type { Run } from './run.ts'
import type { ShownRule } from './shown-rule.ts'

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

import type { Final, JournalFitness } from '../evolve/journal.ts'
import { meanInterval, type MeanInterval } from '../tasks/mean-interval.ts'
import { seeded, type Measure } from './measure.ts'
import { isClear, pairedDifference } from './statistics.ts'

/** A rule run again on fresh seeds. */
export interface Rejudged {
  readonly runs: readonly JournalFitness[]
}

/** What a comparison with another rule shows. */
export type Verdict = 'better' | 'worse' | 'not shown'

/** How a rule did on fresh seeds, and beside another rule where it is compared with one. */
export interface Standing {
  /** One per run that was tested; a run that was ended early is. */
  readonly values: readonly number[]
  readonly mean: MeanInterval | undefined
  /** Runs that left nothing to test: they diverged. */
  readonly failed: number
  /** Runs that were ended early and count with what they had reached. */
  readonly endedEarly: number
  /** To the other rule, over the seeds that both have; absent without another rule or common seeds. */
  readonly difference: MeanInterval | undefined
  /** Absent where there are too few common seeds. A rule with a failed run is never the better one. */
  readonly verdict: Verdict | undefined
}

/** How a rule stands by a measure, compared with `reference` where one is given. */
export function standingOf(
  { runs }: Rejudged,
  reference: Rejudged | undefined,
  measure: Measure,
): Standing {
  const own = seeded(runs, measure)
  const values = own.map(({ value }) => value)
  const failed = runs.length - own.length
  const others = reference && seeded(reference.runs, measure)
  const difference = others && pairedDifference(own, others)
  return {
    values,
    mean: meanInterval(values),
    failed,
    endedEarly: runs.filter((run) => run.failure !== undefined && measure.of(run) !== undefined)
      .length,
    difference,
    verdict: verdictOf(difference, failed, (reference?.runs.length ?? 0) - (others?.length ?? 0)),
  }
}

function verdictOf(
  difference: MeanInterval | undefined,
  failed: number,
  othersFailed: number,
): Verdict | undefined {
  if (difference?.halfWidth === undefined) return undefined
  if (!isClear(difference)) return 'not shown'
  if (difference.mean > 0) return failed === 0 ? 'better' : 'not shown'
  return othersFailed === 0 ? 'worse' : 'not shown'
}

/** The baseline that rules are compared with: Adam, or the first there is. */
export function mainBaseline(finals: readonly Final[]): Final | undefined {
  const baselines = finals.filter(({ of }) => of === undefined)
  return baselines.find(({ name }) => name.toLowerCase() === 'adam') ?? baselines[0]
}

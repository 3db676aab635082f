import type { ModuleLoader } from '../check/checked-module.ts'
import { compile } from '../compile.ts'
import { filterStatistics, type FilterStatistics, type Judged } from '../evolve/filter-report.ts'
import { FILTERS, rejectingFilters } from '../evolve/filters.ts'
import type { Attempt } from '../evolve/journal.ts'
import type { Run } from './run.ts'

/** Rules with a score in this share of the best count as good. */
const GOOD_SHARE = 0.25

/**
 * What each filter would have done to a run: every rule that was trained is put to every filter now. Good are the rules in
 * the best quarter of all that did not fail, judged by the surrogate that most were.
 */
export function tryFilters(run: Run, loader: ModuleLoader): readonly FilterStatistics[] {
  const attempts = run.works
    .flatMap((work) => work.attempts)
    .filter(({ like }) => like === undefined)
  const scores = attempts.flatMap(({ fitness }) => fitness.score ?? []).sort((a, b) => b - a)
  const bound = scores[Math.ceil(GOOD_SHARE * scores.length) - 1] ?? Infinity
  return filterStatistics(
    FILTERS,
    attempts.map((attempt) => judgedBy(attempt, bound, loader)),
  )
}

function judgedBy(
  { rule, integrity, fitness }: Attempt,
  bound: number,
  loader: ModuleLoader,
): Judged {
  const { score } = fitness
  const [program] = compile({ path: 'candidate.opt', text: rule }, loader).value?.programs ?? []
  return {
    failed: score === undefined,
    good: score !== undefined && score >= bound,
    rejectedBy:
      program === undefined ? new Set() : rejectingFilters(FILTERS, { program, ...integrity }),
  }
}

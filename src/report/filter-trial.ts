import type { ModuleLoader } from '../resolve/resolution.ts'
import { compile } from '../compile.ts'
import { filterStatistics, type FilterStatistics, type Judged } from '../evolve/filter-report.ts'
import { FILTERS, rejectingFilters } from '../evolve/filters.ts'
import type { Attempt } from '../evolve/journal.ts'
import type { Run } from './run.ts'

/** Rules with a score in this share of the best count as good. */
const GOOD_SHARE = 0.25

/**
 * What each filter would have done to a run: every rule that was trained is put to every filter now. Good are the rules in
 * the best quarter of those that the surrogate used most gave a score: scores of two surrogates do not compare. `pause` is
 * awaited between two rules, of which there may be thousands.
 */
export async function tryFilters(
  run: Run,
  loader: ModuleLoader,
  pause: () => Promise<unknown> = () => Promise.resolve(),
): Promise<readonly FilterStatistics[]> {
  const attempts = run.works
    .flatMap((work) => work.attempts)
    .filter(({ like }) => like === undefined)
  const scored = new Map<string, number[]>()
  for (const { fitness } of attempts)
    if (fitness.score !== undefined)
      scored.set(fitness.surrogate, [...(scored.get(fitness.surrogate) ?? []), fitness.score])
  const [most] = [...scored].sort(([, a], [, b]) => b.length - a.length)
  const scores = [...(most?.[1] ?? [])].sort((a, b) => b - a)
  const bound = scores[Math.ceil(GOOD_SHARE * scores.length) - 1] ?? Infinity
  const trials: Judged[] = []
  for (const attempt of attempts) {
    await pause()
    const { surrogate, score } = attempt.fitness
    trials.push({
      failed: score === undefined,
      good: surrogate === most?.[0] && score !== undefined && score >= bound,
      rejectedBy: rejectedBy(attempt, loader),
    })
  }
  return filterStatistics(FILTERS, trials)
}

function rejectedBy({ rule, integrity }: Attempt, loader: ModuleLoader): ReadonlySet<string> {
  const [program] = compile({ path: 'candidate.opt', text: rule }, loader).value?.programs ?? []
  return program === undefined ? new Set() : rejectingFilters(FILTERS, { program, ...integrity })
}

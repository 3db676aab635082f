import type { Fitness } from './fitness.ts'
import type { Attempt, Work } from './journal.ts'

/** A rule of a search that was judged and did not fail. */
export interface Scored {
  /** The work that found it. */
  readonly slot: string
  readonly attempt: Attempt
  readonly score: number
  /** What its learning rate comes from, and its score unless it has raced. */
  readonly fitness: Fitness
  /** Whether the score is its mean over fresh seeds. */
  readonly hasRaced: boolean
}

/** What came of each work that did not fail, in the order of the works. */
export function scoredOf(works: readonly Work[]): Scored[] {
  return works.flatMap(({ slot, attempts }) => {
    const attempt = attempts.at(-1)
    const score = attempt?.fitness.score
    return attempt === undefined || score === undefined
      ? []
      : [{ slot, attempt, score, fitness: attempt.fitness, hasRaced: false }]
  })
}

/** The best first; of rules with one fingerprint only the best. Ties go to the earlier one. */
export function bestFirst(scored: readonly Scored[]): Scored[] {
  const seen = new Set<string>()
  return [...scored]
    .sort((a, b) => b.score - a.score)
    .filter(({ attempt }) => !seen.has(attempt.fingerprint) && seen.add(attempt.fingerprint))
}

/** Mean score of runs; minus infinity when one of them failed or there are none. */
export function meanScore(runs: readonly Fitness[]): number {
  if (runs.length === 0 || runs.some(({ score }) => score === undefined)) return -Infinity
  return runs.reduce((sum, { score }) => sum + score!, 0) / runs.length
}

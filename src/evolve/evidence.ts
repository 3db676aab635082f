import { studentQuantile } from '../tasks/mean-interval.ts'
import type { Fitness } from './fitness.ts'
import type { EntryOf } from './journal.ts'
import { meanScore, type Scored } from './scored.ts'

/** How sure it is to be that a rule's expected score is at least what it is ranked by. */
const CONFIDENCE = 0.95

/**
 * The rules of a search, each function once, by the lower ends of one-sided 95 % intervals of their expected scores: the score
 * it was found with is one run, and those that raced have the mean over the fresh seeds of their races instead. One variance
 * from seed to seed is estimated for all from the races (Student, 1908); without races the scores themselves decide. A rule
 * that failed with a fresh seed comes last. Ties go to the earlier one.
 */
export function byEvidence(
  scored: readonly Scored[],
  selections: readonly EntryOf<'select'>[],
): readonly Scored[] {
  const raced = new Map<string, Fitness[]>()
  for (const { race } of selections)
    for (const { slot, runs } of race?.contenders ?? [])
      raced.set(slot, [...(raced.get(slot) ?? []), ...runs])
  const spread = pooledSpread([...raced.values()])
  const known = scored.map((each) => {
    const runs = raced.get(each.slot) ?? []
    const score = runs.length === 0 ? each.score : meanScore(runs)
    const sure = score - spread / Math.sqrt(Math.max(runs.length, 1))
    return { rule: score > -Infinity ? { ...each, score } : each, sure }
  })
  const seen = new Set<string>()
  return known
    .sort((a, b) => b.sure - a.sure || 0)
    .map(({ rule }) => rule)
    .filter(({ attempt }) => !seen.has(attempt.fingerprint) && seen.add(attempt.fingerprint))
}

/** Half the width of the one-sided interval of a single run; 0 when no rule was run twice. */
function pooledSpread(groups: readonly (readonly Fitness[])[]): number {
  let squares = 0
  let degrees = 0
  for (const runs of groups) {
    const scores = runs.flatMap(({ score }) => score ?? [])
    if (scores.length < 2) continue
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
    squares += scores.reduce((sum, score) => sum + (score - mean) ** 2, 0)
    degrees += scores.length - 1
  }
  return degrees === 0 ? 0 : studentQuantile(CONFIDENCE, degrees) * Math.sqrt(squares / degrees)
}

import type { Filter } from './filters.ts'

/** A rule that was trained, and the filters that would have spared it. */
export interface Judged {
  readonly failed: boolean
  /** Whether losing it would be a loss; the caller decides by its score. */
  readonly good: boolean
  readonly rejectedBy: ReadonlySet<string>
}

/** How many, and which share of those there are; no share when there are none. */
export interface Portion {
  readonly count: number
  readonly share: number | undefined
}

/** What a filter would have done to a run. */
export interface FilterStatistics {
  readonly name: string
  /** Failures it would have removed, of all failures. */
  readonly failuresRemoved: Portion
  /** Good rules it would have cost, of the good ones. */
  readonly goodLost: Portion
  /** Evaluations that would not have been made, of all. */
  readonly evaluationsSaved: Portion
}

/** The name of the row for all filters together. */
export const TOGETHER = 'together'

/** A row per filter, each as if it were the only one, and a last one for all of them together. */
export function filterStatistics(
  filters: readonly Pick<Filter, 'name'>[],
  judged: readonly Judged[],
): readonly FilterStatistics[] {
  const failures = judged.filter(({ failed }) => failed)
  const good = judged.filter((rule) => rule.good)
  const row = (name: string, rejects: (rule: Judged) => boolean): FilterStatistics => ({
    name,
    failuresRemoved: portion(failures, rejects),
    goodLost: portion(good, rejects),
    evaluationsSaved: portion(judged, rejects),
  })
  return [
    ...filters.map(({ name }) => row(name, ({ rejectedBy }) => rejectedBy.has(name))),
    row(TOGETHER, ({ rejectedBy }) => filters.some(({ name }) => rejectedBy.has(name))),
  ]
}

function portion(rules: readonly Judged[], chosen: (rule: Judged) => boolean): Portion {
  const count = rules.filter(chosen).length
  return { count, share: rules.length === 0 ? undefined : count / rules.length }
}

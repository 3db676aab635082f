import { lossAfter } from './descent.ts'
import { PROBLEMS, type Problem } from './filters/landscapes.ts'
import { dependence, meanCosine, rarerSign } from './filters/streams.ts'
import type { FilterSubject } from './filters/subject.ts'
import { INTEGRITY } from './integrity.ts'

/** A test before training. Its answer depends on the subject alone. */
export interface Filter {
  readonly name: string
  /** What a rule must do, as a phrase. */
  readonly summary: string
  readonly accepts: (subject: FilterSubject) => boolean
}

/*
 * Set on the published log like the bounds of the suite. What the library's optimizers that pass the integrity check
 * reach at least: 0.33 (Tiger), 0.87 (MADGRAD) and 0.70 (Tiger).
 */
const LEAST_RARER_SIGN = 0.05
const LEAST_DEPENDENCE = 0.5
const LEAST_COSINE = 0.5

/** Every filter, the cheapest first. Comparisons are written so that NaN is not accepted. */
export const FILTERS: readonly Filter[] = [
  {
    name: 'signs',
    summary: 'on noise, at least 5 % of what moves goes either way',
    accepts: (subject) => rarerSign(subject) >= LEAST_RARER_SIGN,
  },
  {
    name: 'constant',
    summary: 'at least half of the update, by its norm, differs between gradients',
    accepts: (subject) => dependence(subject) >= LEAST_DEPENDENCE,
  },
  {
    name: 'cosine',
    summary: 'on gradients with a trend, the mean cosine of update and gradient is at least 0.5',
    accepts: (subject) => meanCosine(subject) >= LEAST_COSINE,
  },
  ...PROBLEMS.map((problem): Filter => ({
    name: problem.name,
    summary: problem.summary,
    accepts: (subject) => solves(subject, problem),
  })),
]

/** With one of the learning rates of the integrity check: a network's training tries them, too. */
function solves({ program, flipped }: FilterSubject, problem: Problem): boolean {
  const enough = problem.bound * problem.loss(problem.start)
  return INTEGRITY.learningRates.some(
    (learningRate) => lossAfter(program, problem, learningRate, flipped) < enough,
  )
}

/** The filter of that name. */
export function findFilter(name: string): Filter | undefined {
  return FILTERS.find((filter) => filter.name === name)
}

/** The name of the first filter that rejects the rule; undefined when all accept it. */
export function applyFilters(
  filters: readonly Filter[],
  subject: FilterSubject,
): string | undefined {
  return filters.find(({ accepts }) => !accepts(subject))?.name
}

/** The names of all filters that reject the rule. */
export function rejectingFilters(
  filters: readonly Filter[],
  subject: FilterSubject,
): ReadonlySet<string> {
  return new Set(filters.flatMap(({ name, accepts }) => (accepts(subject) ? [] : [name])))
}

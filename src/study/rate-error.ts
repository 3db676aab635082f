import type { Fitness } from '../evolve/fitness.ts'

/** An evaluation, and one of the same seed with the learning rate that another seed's probe chose; absent where that is the same. */
export interface ChosenAgain {
  readonly own: Fitness
  readonly other?: Fitness
}

/** How much hangs on which learning rate a probe happens to choose. */
export interface RateError {
  /** Choices compared. */
  readonly count: number
  /** How many of them were other ones. */
  readonly changed: number
  /** How many of these made the run fail, which the other numbers leave out. */
  readonly failed: number
  /** Mean change of the score, and the root of its mean square, over all choices; a choice that is the same changes nothing. */
  readonly mean: number
  readonly deviation: number
}

/** The error of the chosen learning rates; undefined when no evaluation came through. */
export function rateErrorOf(choices: readonly ChosenAgain[]): RateError | undefined {
  const scored = choices.filter(({ own }) => own.score !== undefined)
  if (scored.length === 0) return undefined
  const changed = scored.filter(({ other }) => other !== undefined)
  const changes = scored.flatMap(({ own, other }) => {
    if (other === undefined) return [0]
    return other.score === undefined ? [] : [other.score - own.score!]
  })
  const sum = (values: readonly number[]): number =>
    values.reduce((total, value) => total + value, 0)
  const count = Math.max(changes.length, 1)
  return {
    count: scored.length,
    changed: changed.length,
    failed: scored.length - changes.length,
    mean: sum(changes) / count,
    deviation: Math.sqrt(sum(changes.map((change) => change ** 2)) / count),
  }
}

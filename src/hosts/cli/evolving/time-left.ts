import type { ExpectedPart, Part } from './expected-work.ts'
import type { SearchClock } from './search-clock.ts'
import type { Tally } from './search-tally.ts'

/**
 * Milliseconds to the end of the final table, races, ladder and ablations included, when all goes on as it did in this
 * process: a slot of a part takes as many training steps as those before it, and the most there may be where there were
 * none. Undefined while nothing was trained.
 */
export function timeLeft(tally: Tally, clock: SearchClock): number | undefined {
  const { elapsed, expected } = clock
  if (tally.freshWork === 0 || elapsed <= 0) return undefined
  const perStep = elapsed / tally.freshWork
  const parts = Object.keys(expected) as Part[]
  const sum = (chosen: readonly Part[]): number =>
    perStep * chosen.reduce((total, part) => total + stepsLeft(part, expected[part], tally), 0)
  const search = sum(parts.filter((part) => expected[part].isBudgeted))
  const after = sum(parts.filter((part) => !expected[part].isBudgeted))
  return (tally.searching ? Math.min(search, budgetLeft(tally, clock, perStep)) : 0) + after
}

function stepsLeft(part: Part, { slots, steps }: ExpectedPart, tally: Tally): number {
  const done = tally.parts[part] ?? { slots: 0, steps: 0 }
  const left = Math.max(0, slotsOf(part, slots, tally) - done.slots)
  return left * (done.slots === 0 ? steps : done.steps / done.slots)
}

/** Slots of a part, as far as the search has told better than its configuration. */
function slotsOf(part: Part, slots: number, { knownShare, stage }: Tally): number {
  if (part === 'ablation' && stage?.name === 'ablation') return stage.slots
  return part === 'child' || part === 'select' ? slots * knownShare : slots
}

/** Milliseconds that the budget leaves for the search. */
function budgetLeft(
  { budgetSteps }: Tally,
  { budget, elapsed, spentBefore }: SearchClock,
  perStep: number,
): number {
  if (budget === undefined) return Infinity
  return 'steps' in budget
    ? Math.max(0, budget.steps - budgetSteps) * perStep
    : Math.max(0, 60_000 * budget.minutes - spentBefore - elapsed)
}

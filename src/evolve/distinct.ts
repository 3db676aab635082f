import type { ModuleLoader } from '../resolve/resolution.ts'
import { compile } from '../compile.ts'
import {
  furtherBehaviour,
  isProportional,
  trainingBehaviour,
  trainingMatrixBehaviour,
  type Behaviour,
} from './behaviour/behaviour.ts'
import { areMultiples, factorBetween, type Tolerance } from './behaviour/compare.ts'
import { programReadsShape } from './reads-shape.ts'
import type { Scored } from './scored.ts'

/** Rules whose updates lie no further apart in training are one rule for a table, though not for the reuse of results. */
const ALIKE: Tolerance = { relative: 0.05, absolute: 1e-30 }

/** A rule's updates with the sign that it was trained with. */
interface Observed {
  readonly updates: Behaviour
  readonly readsShape: boolean
  /** On a matrix; asked for where one of two rules reads the shape of a parameter. */
  readonly onMatrix: () => Behaviour
  readonly isProportional: () => boolean
}

/**
 * The ranked rules, so that of the first `count` no two do the same to within 5 % on the gradients of training, up to a factor
 * that their learning rates make up for: of rules that do, the first stays. What comes after is as it was ranked.
 */
export function distinctFirst(
  ranked: readonly Scored[],
  count: number,
  loader: ModuleLoader,
): readonly Scored[] {
  const kept: Observed[] = []
  const distinct: Scored[] = []
  for (const [place, scored] of ranked.entries()) {
    if (distinct.length >= count) return [...distinct, ...ranked.slice(place)]
    const observed = observe(scored, loader)
    if (observed !== undefined && kept.some((other) => areAlike(other, observed))) continue
    if (observed !== undefined) kept.push(observed)
    distinct.push(scored)
  }
  return distinct
}

function observe({ attempt }: Scored, loader: ModuleLoader): Observed | undefined {
  const { rule, integrity } = attempt
  const [program] = compile({ path: 'candidate.opt', text: rule }, loader).value?.programs ?? []
  if (program === undefined) return undefined
  const signed = (updates: Behaviour): Behaviour =>
    integrity.flipped ? updates.map((series) => series.map((value) => -value)) : updates
  return {
    updates: signed(trainingBehaviour(program)),
    readsShape: programReadsShape(program),
    onMatrix: () => signed(trainingMatrixBehaviour(program)),
    isProportional: () => isProportional(furtherBehaviour(program)),
  }
}

function areAlike(a: Observed, b: Observed): boolean {
  const areBy = (factor: number): boolean =>
    areMultiples(a.updates, b.updates, factor, ALIKE) &&
    (!(a.readsShape || b.readsShape) || areMultiples(a.onMatrix(), b.onMatrix(), factor, ALIKE))
  if (areBy(1)) return true
  const factor = factorBetween(a.updates, b.updates)
  return (
    factor !== undefined && factor > 0 && areBy(factor) && a.isProportional() && b.isProportional()
  )
}

import type { ModuleLoader } from '../resolve/resolution.ts'
import { compile } from '../compile.ts'
import { createBehaviourIndex } from './behaviour/behaviour-index.ts'
import type { Scored } from './scored.ts'

/**
 * The ranked rules, so that of the first `count` no two do the same up to a factor, which their learning rates make up for:
 * of rules that do, the first stays. What comes after is as it was ranked.
 */
export function distinctFirst(
  ranked: readonly Scored[],
  count: number,
  loader: ModuleLoader,
): readonly Scored[] {
  const index = createBehaviourIndex('scale')
  const flipped = new Map<string, boolean>()
  const distinct: Scored[] = []
  for (const [place, scored] of ranked.entries()) {
    if (distinct.length >= count) return [...distinct, ...ranked.slice(place)]
    const { rule, integrity } = scored.attempt
    const [program] = compile({ path: 'candidate.opt', text: rule }, loader).value?.programs ?? []
    const repeat = program && index.add(scored.slot, program)
    flipped.set(scored.slot, integrity.flipped)
    // Negated and trained with the other sign is the same; negated alone is not.
    const isSame =
      repeat !== undefined && repeat.factor > 0 === (flipped.get(repeat.like) === integrity.flipped)
    if (!isSame) distinct.push(scored)
  }
  return distinct
}

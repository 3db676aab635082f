import { analyze } from '../ir/analysis/analyze.ts'
import { reachable } from '../ir/build.ts'
import type { Program } from '../ir/graph.ts'
import type { StepPlan } from '../plan/plan.ts'
import type { Extent, Placement } from '../operators/type.ts'

const OF_ANY_SHAPE: ReadonlySet<Extent> = new Set(['run', 'element'])

/**
 * Whether a program does something else to a matrix than to a vector of its elements: it has values for each output or input,
 * matrices, or facts about a shape. Reductions of all elements alone do not tell the two apart.
 */
export function readsShape({
  program: { update, states },
  types,
}: Pick<StepPlan, 'program' | 'types'>): boolean {
  const isOfShape = ({ known, extent }: Placement): boolean =>
    extent === 'parameter' ? known !== 'gradient' : !OF_ANY_SHAPE.has(extent)
  return reachable([update, ...states.flatMap(({ initial, next }) => [initial, next])]).some(
    (node) => isOfShape(types.placementOf(node)),
  )
}

/** The same for a program that is not planned. */
export function programReadsShape(program: Program): boolean {
  return readsShape({ program, types: analyze(program) })
}

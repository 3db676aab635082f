import { operands, reachable } from '../ir/build.ts'
import { foldConstant } from '../ir/fold.ts'
import type { GraphNode, Program } from '../ir/graph.ts'
import { resultsOf } from '../ir/rewrite.ts'
import { lengthsOf, layouts, type Layout } from '../operators/layout.ts'
import { isOwnMatrix, matrixAxes, type Axis } from '../operators/type.ts'
import { leafFor } from './choice.ts'
import type { ParameterPlan, StepPlan } from './plan.ts'

/** The longest side of any matrix over one axis: as 32-bit numbers it has a gigabyte. */
export const LONGEST_OF_ALL = 16_384

/** How long an axis of a parameter may be, and for the sake of what. */
export interface SideLimit {
  readonly axis: Axis
  readonly longest: number
  readonly reason: string
}

/** The shortest limit for each axis of the parameters that a plan is for. */
export function sideLimits(
  { program, states }: Pick<ParameterPlan, 'program' | 'states'>,
  { types }: Pick<StepPlan, 'types'>,
): readonly SideLimit[] {
  const found = new Map<Axis, SideLimit>()
  const note = (limit: SideLimit): void => {
    const known = found.get(limit.axis)
    if (known === undefined || limit.longest < known.longest) found.set(limit.axis, limit)
  }
  for (const node of nodesOf(program, states)) {
    const { extent } = types.placementOf(node)
    const [rows, columns] = (isOwnMatrix(extent) && matrixAxes(extent)) || []
    if (rows !== undefined && rows === columns)
      note({ axis: rows, longest: LONGEST_OF_ALL, reason: `matrices of ${rows} by ${rows}` })
    if (node.kind !== 'apply' || node.operator.kind !== 'matrix') continue
    const { limit, parameters, callName, name } = node.operator
    const [axis] = matrixAxes(types.placementOf(operands(node)[0] ?? node).extent) ?? []
    if (limit === undefined || axis === undefined) continue
    const numbers = node.arguments.flatMap((argument, index) =>
      parameters[index]!.matrix === true ? [] : [foldConstant(argument)],
    )
    note({ axis, longest: limit(numbers), reason: `the max_extent of ${callName ?? name}` })
  }
  return [...found.values()].sort((a, b) => a.axis.localeCompare(b.axis))
}

function nodesOf(program: Program, states: ParameterPlan['states']): readonly GraphNode[] {
  return reachable([
    // A side that what is evaluated cannot take is an error before the first step, too.
    ...resultsOf(program),
    ...states.flatMap(({ index, initial }) => [initial, program.states[index]!.next]),
    ...program.totals.map(({ part }) => part),
  ])
}

/** What is wrong with a parameter of a shape for a planned program, as the end of a sentence; undefined where it can be taken. */
export function tooLongSide(
  plan: StepPlan,
  shape: readonly number[],
  layout: Layout = layouts[0],
): string | undefined {
  const lengths = lengthsOf(shape, layout)
  const limits = sideLimits(leafFor(plan.parameter, shape, layout), plan)
  const broken = limits.find(({ axis, longest }) => lengths[axis] > longest)
  if (broken === undefined) return undefined
  const { axis, longest, reason } = broken
  return `has ${lengths[axis]} ${axis}, and ${plan.program.name} takes at most ${longest}, ${reason}`
}

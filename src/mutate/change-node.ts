import type { NodeSpace, Template } from './space/space.ts'
import type { Random } from '../operators/random.ts'
import type { Expression } from '../syntax/ast.ts'
import { choose, chooseWeighted } from './choose.ts'
import { fill } from './template.ts'

/** Why a change inside a decay or a schedule factor may give none: no node, what was there, equal arguments, a circle. */
export const CURVE_FAILURES = ['no-node', 'no-change', 'same-arguments', 'cycle'] as const

export type CurveFailure = (typeof CURVE_FAILURES)[number]

interface ChangedNode {
  readonly template: Template
  readonly arguments: readonly Expression[]
}

/** Another operator with the same arguments; undefined when the space has no other. */
export function changeOperator(
  space: NodeSpace,
  { template, arguments: arguments_ }: ChangedNode,
  random: Random,
): Expression | undefined {
  const choices = template.parameters.length === 1 ? space.unary : space.binary
  const others = choices.items
    .map((item, index) => [item, choices.weights[index]!] as const)
    .filter(([item, weight]) => item !== template && weight > 0)
  return others.length === 0 ? undefined : fill(chooseWeighted(others, random), arguments_)
}

/** Unary to binary with a drawn argument, on either side, or binary to unary on one of the arguments that may be kept. */
export function changeArity<Failure extends string>(
  space: NodeSpace,
  { arguments: arguments_ }: ChangedNode,
  random: Random,
  {
    draw,
    isKept,
  }: {
    readonly draw: (other: Expression) => Expression | Failure
    readonly isKept: (argument: Expression) => boolean
  },
): Expression | Failure {
  const [first] = arguments_
  if (arguments_.length === 1) {
    const drawn = draw(first!)
    if (typeof drawn === 'string') return drawn
    return fill(
      choose(space.binary, random),
      random.chance(0.5) ? [first!, drawn] : [drawn, first!],
    )
  }
  const kept = arguments_.filter(isKept)
  return fill(choose(space.unary, random), [random.pick(kept.length > 0 ? kept : arguments_)])
}

import type { NodeSpace } from './space/space.ts'
import type { Random } from '../operators/random.ts'
import type { Expression } from '../syntax/ast.ts'
import * as build from '../syntax/build.ts'
import { equal } from '../syntax/traverse.ts'
import { choose } from './choose.ts'
import { copy, fill } from './template.ts'

const CURVE_ATTEMPTS = 1000
const ARGUMENT_ATTEMPTS = 100

/** An operator on operands or nodes of the given names; with `rooted`, at least one argument is such a node. */
export function drawNode(
  space: NodeSpace,
  random: Random,
  arity: 1 | 2,
  names: readonly string[],
  edge: (value: Expression) => Expression,
  rooted: boolean,
): Expression {
  if (arity === 1) {
    const value = rooted ? drawName(random, names) : drawArgument(space, random, names)
    return fill(choose(space.unary, random), [edge(value)])
  }
  const forced = rooted ? random.integer(2) : undefined
  const draw = (index: number): Expression =>
    index === forced ? drawName(random, names) : drawArgument(space, random, names)
  const [first, second] = drawDifferent(draw)
  return fill(choose(space.binary, random), [edge(first), edge(second)])
}

/** Two arguments that differ, unless the space has hardly anything to draw from. Either may have just one choice. */
function drawDifferent(draw: (index: number) => Expression): readonly [Expression, Expression] {
  let first = draw(0)
  let second = draw(1)
  for (let attempt = 0; attempt < ARGUMENT_ATTEMPTS && equal(first, second); attempt++) {
    if (attempt % 2 === 0) second = draw(1)
    else first = draw(0)
  }
  return [first, second]
}

/** An operand, or with the space's probability one of the nodes. */
export function drawArgument(
  space: NodeSpace,
  random: Random,
  names: readonly string[],
): Expression {
  return names.length > 0 && random.chance(space.reuse)
    ? drawName(random, names)
    : copy(drawOperand(space, random))
}

/** An operand: one as likely as the next, whatever the values in it may be. */
function drawOperand({ operandFamilies }: NodeSpace, random: Random): Expression {
  return pickOne(random.pick(operandFamilies), random)
}

/** One of the nodes. */
export function drawName(random: Random, names: readonly string[]): Expression {
  return build.name(random.pick(names))
}

/** A random curve of the space that passes the test; its first operand when none of many does. */
export function drawCurve(
  space: NodeSpace,
  random: Random,
  passes: (curve: Expression) => boolean,
): Expression {
  for (let attempt = 0; attempt < CURVE_ATTEMPTS; attempt++) {
    const curve = drawCurveOnce(space, random)
    if (passes(curve)) return curve
  }
  return copy(space.operands[0]!)
}

function drawCurveOnce(space: NodeSpace, random: Random): Expression {
  const hidden: Expression[] = []
  while (hidden.length < space.hidden) hidden.push(drawCurveNode(space, random, hidden))
  const rootArity = random.chance(space.rootUnary) ? 1 : 2
  const forced = random.chance(space.reuse) ? random.integer(rootArity) : undefined
  const choices = [...space.operands, ...hidden]
  return drawOperator(space, random, rootArity, (index) =>
    index === forced && hidden.length > 0 ? pickOne(hidden, random) : random.pick(choices),
  )
}

/** A hidden node of a curve, on operands and the given nodes. */
export function drawCurveNode(
  space: NodeSpace,
  random: Random,
  nodes: readonly Expression[],
): Expression {
  return drawOperator(space, random, random.chance(space.hiddenUnary) ? 1 : 2, () =>
    nodes.length > 0 && random.chance(space.reuse)
      ? pickOne(nodes, random)
      : random.pick(space.operands),
  )
}

function drawOperator(
  space: NodeSpace,
  random: Random,
  arity: 1 | 2,
  pick: (index: number) => Expression,
): Expression {
  if (arity === 1) return fill(choose(space.unary, random), [copy(pick(0))])
  const [first, second] = drawDifferent(pick)
  return fill(choose(space.binary, random), [copy(first), copy(second)])
}

/** Costs no draw where there is no choice. */
export function pickOne<T>(items: readonly T[], random: Random): T {
  return items.length === 1 ? items[0]! : random.pick(items)
}

import type { NodeSpace, Space } from './space/space.ts'
import type { Random } from '../operators/random.ts'
import { productOperator } from '../operators/table.ts'
import type { Expression, Module, Statement } from '../syntax/ast.ts'
import * as build from '../syntax/build.ts'
import { equal } from '../syntax/traverse.ts'
import { addFactor } from './factor.ts'
import { choose } from './choose.ts'
import { orderLets } from './order.ts'
import { scheduleParameters } from './schedule.ts'
import { copy, fill } from './template.ts'

/** What a search asks about functions of the step: expressions over `t` and `T`. */
export interface SlotTests {
  /** Whether it may be a decay: between 0 and 1 on every step. */
  readonly isDecay: (decay: Expression) => boolean
  /** Whether it may be a factor on the learning rate: bounded, never negative and not always 0. */
  readonly isSchedule: (schedule: Expression) => boolean
  /** Whether the two are different functions. */
  readonly differ: (a: Expression, b: Expression) => boolean
}

/** The name of a rule's last value: the one the outer form is applied to. */
export const ROOT = 'u'

const CURVE_ATTEMPTS = 1000
const ARGUMENT_ATTEMPTS = 100

/**
 * A random rule of the space as a module with one optimizer: a `let` per node, used or not, the root last, and the outer
 * form as the update; in a space with a slot for it perhaps a schedule beside the optimizer, as a factor on the learning
 * rate. Undefined when the drawn nodes need each other in a circle.
 */
export function drawRule(space: Space, random: Random, tests: SlotTests): Module | undefined {
  const names = Array.from({ length: space.rule.hidden }, (_, index) => `h${index + 1}`)
  const edge = (value: Expression): Expression =>
    random.chance(space.decayProbability)
      ? build.binary(productOperator.name, drawCurve(space.decay, random, tests.isDecay), value)
      : value
  const nodes = names.map((name) => {
    const others = names.filter((other) => other !== name)
    const arity = random.chance(space.rule.hiddenUnary) ? 1 : 2
    return build.letStatement(name, drawNode(space.rule, random, arity, others, edge, false))
  })
  const rootArity = random.chance(space.rule.rootUnary) ? 1 : 2
  const root = build.letStatement(ROOT, drawNode(space.rule, random, rootArity, names, edge, true))
  const lets = orderLets([...nodes, root])
  if (lets === undefined) return undefined
  const rule = ruleModule(space, lets, updateOf(space, random.integer(space.forms.length)))
  const { schedule } = space
  return schedule !== undefined && random.chance(schedule.probability)
    ? addFactor(space, rule, drawCurve(schedule.factor, random, tests.isSchedule))
    : rule
}

/** What the update is under the outer form of that index. */
export function updateOf(
  space: Space,
  form: number,
  core: Expression = build.name(ROOT),
): Expression {
  return fill(space.forms[form]!, [build.binary(productOperator.name, copy(space.rate), core)])
}

/** The module of a rule: the imports of its space, and one optimizer over `lr`, `warmup` and `hold`. */
export function ruleModule(space: Space, lets: readonly Statement[], update: Expression): Module {
  const positive = build.range(build.number(0), build.name('inf'), {
    lowOpen: true,
    highOpen: true,
  })
  const parameters = [
    build.parameter('lr', { range: positive, default: build.number(0.01) }),
    ...scheduleParameters(),
  ]
  const optimizer = build.optimizer('Candidate', parameters, [
    ...lets,
    build.assign('update', update),
  ])
  return build.module('candidate.opt', [...space.imports, optimizer])
}

/** An operator on operands or nodes of the given names; with `rooted`, at least one argument is such a node. */
function drawNode(
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
    : copy(random.pick(space.operands))
}

function drawName(random: Random, names: readonly string[]): Expression {
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
function pickOne<T>(items: readonly T[], random: Random): T {
  return items.length === 1 ? items[0]! : random.pick(items)
}

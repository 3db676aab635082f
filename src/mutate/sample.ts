import type { Space } from './space/space.ts'
import { familiesOf } from './space/values.ts'
import type { Random } from '../operators/random.ts'
import { productOperator } from '../operators/table.ts'
import type { Expression, Module, Statement } from '../syntax/ast.ts'
import * as build from '../syntax/build.ts'
import { addFactor } from './factor.ts'
import { drawCurve, drawNode, pickOne } from './draw-graph.ts'
import { orderLets } from './order.ts'
import { scheduleParameters } from './schedule.ts'
import { copy, fill } from './template.ts'

/** What a search asks about the parts of rules: of functions of the step, which are expressions over `t` and `T`, and of whole rules. */
export interface SlotTests {
  /** Whether it may be a decay: between 0 and 1 on every step. */
  readonly isDecay: (decay: Expression) => boolean
  /** Whether it may be a factor on the learning rate: bounded, never negative and not always 0. */
  readonly isSchedule: (schedule: Expression) => boolean
  /** Whether the two are different functions. */
  readonly differ: (a: Expression, b: Expression) => boolean
  /** Whether a rule has no errors and, where the space says what it must have a number for, has one for each. */
  readonly fits: (rule: Module) => boolean
  /** The rule without each of its parts in turn; what is left may be no rule. */
  readonly removals: (rule: Module) => readonly Module[]
}

/** Rules that are drawn for one that fits. */
const RULE_ATTEMPTS = 1000

/** The name of a rule's last value: the one the outer form is applied to. */
export const ROOT = 'u'

/**
 * A random rule of the space as a module with one optimizer: a `let` per node, used or not, the root last, and the outer
 * form as the update; in a space with a slot for it perhaps a schedule beside the optimizer, as a factor on the learning
 * rate. Every rule checks, and its updates have the extent that the space says. Undefined when the drawn nodes need each other
 * in a circle, or when none of many rules fits.
 */
export function drawRule(space: Space, random: Random, tests: SlotTests): Module | undefined {
  for (let attempt = 0; attempt < RULE_ATTEMPTS; attempt++) {
    const rule = drawRuleOnce(space, random, tests)
    if (rule === undefined || tests.fits(rule)) return rule
  }
  return undefined
}

function drawRuleOnce(space: Space, random: Random, tests: SlotTests): Module | undefined {
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
  const rule = ruleModule(space, lets, updateOf(space, drawForm(space, random)))
  const { schedule } = space
  return schedule !== undefined && random.chance(schedule.probability)
    ? addFactor(space, rule, drawCurve(schedule.factor, random, tests.isSchedule))
    : rule
}

/** The index of an outer form: one as likely as the next, whatever the values in it may be. */
function drawForm({ forms }: Space, random: Random): number {
  return forms.indexOf(pickOne(random.pick(familiesOf(forms)), random))
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

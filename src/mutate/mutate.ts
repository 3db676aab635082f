import type { Space } from '../check/space.ts'
import type { Random } from '../operators/random.ts'
import type { Expression, Module } from '../syntax/ast.ts'
import * as build from '../syntax/build.ts'
import { equal, replaceNode } from '../syntax/traverse.ts'
import { changeArity, changeOperator } from './change-node.ts'
import { chooseWeighted } from './choose.ts'
import { isOperand } from './curve.ts'
import { joinEdge, splitEdge } from './edge.ts'
import { addFactor, removeFactor, replaceFactor } from './factor.ts'
import { mutateCurve } from './mutate-curve.ts'
import type { MutationFailure } from './mutation-failure.ts'
import { reachableNames, viewRule, type RuleNode, type RuleView } from './nodes.ts'
import { orderLets } from './order.ts'
import { drawArgument, drawCurve, type SlotTests } from './sample.ts'
import { withSchedule } from './schedule.ts'
import { isUnordered } from './scope.ts'
import { fill, isIdentity } from './template.ts'

export type MutationKind =
  | 'operator'
  | 'connection'
  | 'arity'
  | 'form'
  | 'add-decay'
  | 'delete-decay'
  | 'change-decay'
  | 'add-schedule'
  | 'delete-schedule'
  | 'change-schedule'

export type { MutationFailure } from './mutation-failure.ts'

/** A mutated module, or the reason why there is none. */
export type Mutant =
  | { readonly kind: MutationKind; readonly module: Module }
  | { readonly kind: MutationKind; readonly failure: MutationFailure }

/**
 * One random mutation of a module's first optimizer within the space: of an active node's operator, connection or number
 * of arguments, of a decay on one of its edges, of the outer form, or of the schedule that multiplies the learning rate.
 * The answer prints and parses; whether it checks and does anything useful is for the caller to find out.
 */
export function mutate(space: Space, module: Module, random: Random, tests: SlotTests): Mutant {
  const site = drawKind(space, random)
  const view = viewRule(space, module)
  const { kind, changed } =
    view === undefined || view.nodes.length === 0
      ? { kind: WITHOUT_NODES[site], changed: 'no-node' as const }
      : attempt(space, module, view, site, random, tests)
  return typeof changed === 'string' ? { kind, failure: changed } : settle(module, changed, kind)
}

type Site = 'operator' | 'connection' | 'arity' | 'form' | 'decay' | 'schedule'

const WITHOUT_NODES: Readonly<Record<Site, MutationKind>> = {
  operator: 'operator',
  connection: 'connection',
  arity: 'arity',
  form: 'form',
  decay: 'add-decay',
  schedule: 'add-schedule',
}

function drawKind(space: Space, random: Random): Site {
  const { operator, connection, arity, form, decay } = space.mutation
  return chooseWeighted<Site>(
    [
      ['operator', operator],
      ['connection', connection],
      ['arity', arity],
      ['form', form],
      ['decay', decay],
      ['schedule', space.schedule?.mutation ?? 0],
    ],
    random,
  )
}

interface Attempt {
  readonly kind: MutationKind
  readonly changed: Module | MutationFailure
}

function attempt(
  space: Space,
  module: Module,
  view: RuleView,
  site: Site,
  random: Random,
  tests: SlotTests,
): Attempt {
  if (site === 'schedule') return changeFactor(space, module, view, random, tests)
  const node = random.pick(view.nodes)
  const withNode = (changed: Expression | MutationFailure): Module | MutationFailure =>
    typeof changed === 'string' ? changed : replaceNode(module, node.expression, changed)
  switch (site) {
    case 'operator':
      return {
        kind: site,
        changed: withNode(changeOperator(space.rule, node, random) ?? 'no-change'),
      }
    case 'connection':
      return { kind: site, changed: withNode(changeConnection(space, view, node, random)) }
    case 'arity':
      return { kind: site, changed: withNode(changeRuleArity(space, view, node, random)) }
    case 'form':
      return { kind: site, changed: changeForm(space, module, view, random) }
    case 'decay': {
      const { kind, changed } = changeDecay(space, node, random, tests)
      return { kind, changed: withNode(changed) }
    }
  }
}

/** The module with its lets in an order that they can stand in. */
function settle(before: Module, after: Module, kind: MutationKind): Mutant {
  const optimizer = after.items.find((item) => item.kind === 'optimizer')
  if (optimizer === undefined) return { kind, failure: 'no-node' }
  const { statements } = optimizer.body
  const ordered = isUnordered(optimizer) ? orderLets(statements) : statements
  if (ordered === undefined) return { kind, failure: 'cycle' }
  const settled = { ...optimizer, body: { ...optimizer.body, statements: ordered } }
  const items = after.items.map((item) => (item === optimizer ? settled : item))
  const module = { ...after, items }
  return equal(module, before) ? { kind, failure: 'no-change' } : { kind, module }
}

function changeConnection(
  space: Space,
  view: RuleView,
  node: RuleNode,
  random: Random,
): Expression | MutationFailure {
  const { arguments: arguments_, template } = node
  if (arguments_.length === 2 && random.chance(space.mutation.swap))
    return fill(template, [...arguments_].reverse())
  const names = reachableNames(view, node)
  const index = random.integer(arguments_.length)
  const { decay, value } = splitEdge(space, arguments_[index]!)
  const other = arguments_[1 - index] && splitEdge(space, arguments_[1 - index]!).value
  const otherIsNode = other !== undefined && !isOperand(space.rule, other)
  const drawn =
    node.root && !otherIsNode && names.length > 0
      ? build.name(random.pick(names))
      : drawArgument(space.rule, random, names)
  if (equal(drawn, value)) return 'no-change'
  if (other !== undefined && equal(drawn, other)) return 'same-arguments'
  return fill(
    template,
    arguments_.map((argument, at) => (at === index ? joinEdge({ decay, value: drawn }) : argument)),
  )
}

/** A root keeps a hidden node. */
function changeRuleArity(
  space: Space,
  view: RuleView,
  node: RuleNode,
  random: Random,
): Expression | MutationFailure {
  const names = reachableNames(view, node)
  return changeArity(space.rule, node, random, {
    draw: (other) => {
      const drawn = drawArgument(space.rule, random, names)
      return equal(drawn, splitEdge(space, other).value) ? 'same-arguments' : drawn
    },
    isKept: (argument) => !node.root || !isOperand(space.rule, splitEdge(space, argument).value),
  })
}

/** Another outer form around one of the updates. */
function changeForm(
  space: Space,
  module: Module,
  { updates, optimizer }: RuleView,
  random: Random,
): Module | MutationFailure {
  const [first] = updates
  const { form, step, statement } = updates.length === 1 ? first! : random.pick(updates)
  const others = space.forms.filter((template, index) =>
    form === undefined ? !isIdentity(template) : index !== form,
  )
  if (others.length === 0) return 'no-change'
  const changed = { ...statement, value: fill(random.pick(others), [step]) }
  const scheduled = withSchedule(space, replaceNode(optimizer, statement, changed))
  return { ...module, items: module.items.map((item) => (item === optimizer ? scheduled : item)) }
}

/** An edge without a decay gets one; one on an edge is deleted or mutated. */
function changeDecay(
  space: Space,
  node: RuleNode,
  random: Random,
  tests: SlotTests,
): { readonly kind: MutationKind; readonly changed: Expression | MutationFailure } {
  const index = random.integer(node.arguments.length)
  const { decay, value } = splitEdge(space, node.arguments[index]!)
  const withDecay = (changed: Expression | undefined): Expression =>
    fill(
      node.template,
      node.arguments.map((argument, at) =>
        at === index ? joinEdge({ decay: changed, value }) : argument,
      ),
    )
  if (decay === undefined)
    return {
      kind: 'add-decay',
      changed: withDecay(drawCurve(space.decay, random, tests.isDecay)),
    }
  if (random.chance(space.mutation.deleteDecay))
    return { kind: 'delete-decay', changed: withDecay(undefined) }
  const changed = mutateCurve(space.decay, space.decayMutation, decay, random)
  const kind = 'change-decay'
  if (typeof changed === 'string') return { kind, changed }
  if (!tests.isDecay(changed)) return { kind, changed: 'invalid-decay' }
  return { kind, changed: tests.differ(decay, changed) ? withDecay(changed) : 'same-decay' }
}

/** A rule whose learning rate has no factor gets one; one that is there is deleted or mutated. */
function changeFactor(
  space: Space,
  module: Module,
  { factor }: RuleView,
  random: Random,
  tests: SlotTests,
): Attempt {
  const { schedule } = space
  if (schedule === undefined) return { kind: 'add-schedule', changed: 'no-node' }
  if (factor === undefined) {
    const drawn = drawCurve(schedule.factor, random, tests.isSchedule)
    return { kind: 'add-schedule', changed: addFactor(space, module, drawn) }
  }
  if (random.chance(schedule.deletion))
    return { kind: 'delete-schedule', changed: removeFactor(module, factor) }
  const changed = mutateCurve(schedule.factor, schedule.factorMutation, factor.curve, random)
  const kind = 'change-schedule'
  if (typeof changed === 'string') return { kind, changed }
  if (!tests.isSchedule(changed)) return { kind, changed: 'invalid-schedule' }
  if (!tests.differ(factor.curve, changed)) return { kind, changed: 'same-schedule' }
  return { kind, changed: replaceFactor(module, factor, changed) }
}

import type { Expression, Module, Parameter } from '../../syntax/ast.ts'
import * as build from '../../syntax/build.ts'
import { equal, replaceNode } from '../../syntax/traverse.ts'
import type { GraphNode } from '../graph.ts'
import { RULE_NAMES } from '../space/node-space.ts'
import type { Template } from '../space/space.ts'
import { copy, fill } from '../template.ts'
import type { RuleUpdate } from '../update.ts'
import { row, type Site } from './mutation.ts'

/** The modules that differ in one value of a rule. */
type Variants = readonly Module[]

/** Another value in an operator, an operand or an outer form, or another default of a hyperparameter. */
export const value = row({
  name: 'value',
  rate: 'required',
  choices: {},
  slot: 'values',
  kinds: { value: 'another value of a hyperparameter' },
  failures: { 'no-value': 'no value to exchange' },
  apply: (site) => {
    const places = [
      ...site.view.nodes.flatMap((node) => variantsAt(site, node)),
      ...site.view.updates.map((update) => variantsOfForm(site, update)),
      ...site.view.optimizer.parameters.map((parameter) => variantsOfDefault(site, parameter)),
    ].filter((variants) => variants.length > 0)
    return {
      kind: 'value',
      changed: places.length === 0 ? 'no-value' : site.random.pick(site.random.pick(places)),
    }
  },
})

/** The other choices that differ from a template of the space in values alone. */
function relatives(template: Template, all: readonly Template[]): readonly Template[] {
  const { written } = template
  return written === undefined
    ? []
    : all.filter((other) => other !== template && other.written === written)
}

/** Other values in the operator of a node, and in each of its operands. */
function variantsAt({ space, module, view }: Site<never>, node: GraphNode): readonly Variants[] {
  const { unary, binary } = space.rule
  const operators = relatives(node.template, [...unary.items, ...binary.items])
  return [
    operators.map((other) => view.replace(node, fill(other, node.arguments))),
    ...node.arguments.map((argument) => {
      const operand = view.splitEdge(argument).value
      return otherOperands(space.rule.operandFamilies, operand).map((other) =>
        replaceNode(module, operand, copy(other)),
      )
    }),
  ]
}

function otherOperands(
  families: readonly (readonly Expression[])[],
  operand: Expression,
): readonly Expression[] {
  const family = families.find((each) => each.some((other) => equal(other, operand)))
  return (family ?? []).filter((other) => !equal(other, operand))
}

function variantsOfForm({ space, module }: Site<never>, update: RuleUpdate): Variants {
  const { form, step, statement } = update
  const template = form === undefined ? undefined : space.forms[form]
  return (template === undefined ? [] : relatives(template, space.forms)).map((other) =>
    replaceNode(module, statement, { ...statement, value: fill(other, [step]) }),
  )
}

/**
 * Defaults that the space knows beside that of a hyperparameter which no search sets. What its interval does not hold does not
 * check.
 */
function variantsOfDefault({ space, module }: Site<never>, parameter: Parameter): Variants {
  const { name, default: before } = parameter
  if (before?.kind !== 'number' || RULE_NAMES.includes(name.name)) return []
  const list = [...space.values.values()].find((values) => values.includes(before.value))
  return (list ?? [])
    .filter((other) => other !== before.value)
    .map((other) => replaceNode(module, parameter, { ...parameter, default: build.number(other) }))
}

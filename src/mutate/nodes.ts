import type { Space, Template } from './space/space.ts'
import { quotientOperator } from '../operators/table.ts'
import type { Expression, Module, OptimizerDeclaration } from '../syntax/ast.ts'
import { children } from '../syntax/traverse.ts'
import { isOperand } from './curve.ts'
import { splitEdge } from './edge.ts'
import { findFactor, type Factor } from './factor.ts'
import { isUnordered, namesBefore, readScope, type Place, type Scope } from './scope.ts'
import { createRateTests } from './rate.ts'
import { isExpression, isIdentity, matchTemplate } from './template.ts'
import { readUpdates, type RuleUpdate } from './update.ts'

/** An operator of the space somewhere in a program: the place to mutate. */
export interface RuleNode {
  /** The tree that says it; replacing this tree replaces the node. */
  readonly expression: Expression
  readonly template: Template
  /** The values on its edges, decays included, in the order of the template's holes. */
  readonly arguments: readonly Expression[]
  /** The name of the statement whose whole value this is, if it is. */
  readonly name: string | undefined
  /** Whether this is the node that an outer form is applied to. */
  readonly root: boolean
  readonly place: Place
}

/** A program as a search sees it: the nodes its updates depend on, and what surrounds them. */
export interface RuleView {
  readonly optimizer: OptimizerDeclaration
  /** One update, or one for each branch of an `if`. */
  readonly updates: readonly RuleUpdate[]
  readonly factor: Factor | undefined
  /** The active nodes, in the order of a walk from the updates. */
  readonly nodes: readonly RuleNode[]
}

/**
 * The first optimizer of a module, and what it needs of the module's own functions, as nodes of the space; undefined when
 * there is no optimizer with an update. What the space has no operator for is passed through.
 */
export function viewRule(space: Space, module: Module): RuleView | undefined {
  const scope = readScope(module)
  if (scope === undefined) return undefined
  const factor = findFactor(space, module)
  const updates = readUpdates(space, scope, factor?.declaration.name.name)
  if (updates.length === 0) return undefined
  const { optimizer } = scope
  return { optimizer, updates, factor, nodes: collectNodes(space, scope, updates, factor) }
}

/**
 * The lets that a node may use: in a program without states and branches all but its own and the root, else those that
 * stand before it.
 */
export function reachableNames(
  { optimizer, updates }: RuleView,
  node: RuleNode,
): readonly string[] {
  const { place, expression, name } = node
  if (!isUnordered(optimizer) || place[0] !== optimizer.body) return namesBefore(place, expression)
  const roots = updates.map(({ core }) => core.kind === 'name' && core.name)
  return optimizer.body.statements.flatMap((statement) =>
    statement.kind === 'let' && statement.name.name !== name && !roots.includes(statement.name.name)
      ? [statement.name.name]
      : [],
  )
}

function collectNodes(
  space: Space,
  scope: Scope,
  updates: readonly RuleUpdate[],
  factor: Factor | undefined,
): readonly RuleNode[] {
  const templates = [...space.rule.unary.items, ...space.rule.binary.items]
  const identity = templates.find(isIdentity)
  const operators = templates.filter((template) => !isIdentity(template))
  const { isRate, isScaled } = createRateTests(space, scope, factor?.declaration.name.name)
  const nodes: RuleNode[] = []
  const seen = new Set<Expression>()

  interface Where {
    readonly place: Place
    readonly name?: string
    readonly root?: boolean
  }
  const add = (
    expression: Expression,
    template: Template | undefined,
    arguments_: readonly Expression[],
    { place, name, root = false }: Where,
  ): void => {
    if (template !== undefined)
      nodes.push({ expression, template, arguments: arguments_, name, root, place })
  }
  const addIdentity = (expression: Expression, where: Where): void => {
    if (where.name !== undefined || where.root === true)
      add(expression, identity, [expression], where)
  }

  const walk = (expression: Expression, where: Where): void => {
    const { place, name, root } = where
    if (expression.kind === 'name') {
      const bindings = scope.resolve(expression.name, place)
      if (bindings.length === 0 || name !== undefined) addIdentity(expression, where)
      for (const { value, ...bound } of bindings) {
        if (seen.has(value)) continue
        seen.add(value)
        walk(value, { ...bound, root: root === true && name === undefined })
      }
      return
    }
    if (walkScaled(expression, where)) return
    const { decay, value } = splitEdge(space, expression)
    if (decay !== undefined || isOperand(space.rule, expression)) {
      addIdentity(expression, where)
      if (decay !== undefined) walk(value, { place })
      return
    }
    for (const template of operators) {
      const arguments_ = matchTemplate(template, expression)
      if (arguments_ === undefined) continue
      add(expression, template, arguments_, where)
      for (const argument of arguments_) walk(splitEdge(space, argument).value, { place })
      return
    }
    addIdentity(expression, where)
    for (const child of children(expression)) {
      if (child.kind === 'argument') walk(child.value, { place })
      else if (isExpression(child)) walk(child, { place })
    }
    if (expression.kind !== 'call') return
    for (const result of scope.resultsOf(expression.callee.name)) {
      if (seen.has(result.value)) continue
      seen.add(result.value)
      walk(result.value, { place: result.place })
    }
  }

  /** The learning rate is no part of a rule: what it multiplies is walked, the product itself is no node. */
  const walkScaled = (expression: Expression, where: Where): boolean => {
    const { place } = where
    if (!isScaled(expression, place)) return false
    const isQuotient = expression.kind === 'binary' && expression.operator === quotientOperator.name
    for (const child of children(expression)) {
      if (!isExpression(child) || isRate(child, place)) continue
      walk(child, isQuotient && !isScaled(child, place) ? { place } : where)
    }
    return true
  }

  for (const { core, place } of updates) walk(core, { place, root: true })
  if (nodes.length === 0)
    for (const { core, place } of updates) addIdentity(core, { place, root: true })
  return nodes
}

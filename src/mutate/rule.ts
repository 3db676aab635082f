import type { Space } from './space/space.ts'
import { quotientOperator } from '../operators/table.ts'
import type { Expression, Module, OptimizerDeclaration } from '../syntax/ast.ts'
import { children, replaceNode } from '../syntax/traverse.ts'
import { drawArgument, drawName } from './draw-graph.ts'
import { splitEdge } from './edge.ts'
import { findFactor, type Factor } from './factor.ts'
import {
  collectNodes,
  identityNode,
  type Graph,
  type GraphNode,
  type Lead,
  type Notation,
} from './graph.ts'
import { isUnordered, namesBefore, readScope, type Scope } from './scope.ts'
import { createRateTests } from './rate.ts'
import { isExpression } from './template.ts'
import { readUpdates, type RuleUpdate } from './update.ts'

/** A program as a search sees it: the nodes its updates depend on, and what surrounds them. */
export interface RuleView extends Graph<Module> {
  readonly optimizer: OptimizerDeclaration
  /** One update, or one for each branch of an `if`. */
  readonly updates: readonly RuleUpdate[]
  readonly factor: Factor | undefined
}

/**
 * The first optimizer of a module, and what it needs of the module's own functions, as a graph of the space; undefined when
 * there is no optimizer with an update. What the space has no operator for is passed through.
 */
export function viewRule(space: Space, module: Module): RuleView | undefined {
  const scope = readScope(module)
  if (scope === undefined) return undefined
  const factor = findFactor(space, module)
  const updates = readUpdates(space, scope, factor?.declaration.name.name)
  if (updates.length === 0) return undefined
  const { optimizer } = scope
  const roots = updates.map(({ core, place }) => ({ expression: core, place, root: true }))
  const nodes = collectNodes(space.rule, roots, ruleNotation(space, scope, factor))
  return {
    tree: module,
    space: space.rule,
    nodes: nodes.length > 0 ? nodes : roots.flatMap((root) => identityNode(space.rule, root)),
    rootUsesNode: true,
    splitEdge: (argument) => splitEdge(space, argument),
    drawArgument: (node, random, asNode = false) => {
      const names = reachableNames(optimizer, updates, node)
      return asNode && names.length > 0
        ? drawName(random, names)
        : drawArgument(space.rule, random, names)
    },
    replace: (node, changed) => replaceNode(module, node.expression, changed),
    optimizer,
    updates,
    factor,
  }
}

/**
 * The lets that a node may use: in a program without states and branches all but its own and the root, else those that
 * stand before it.
 */
function reachableNames(
  optimizer: OptimizerDeclaration,
  updates: readonly RuleUpdate[],
  { place, expression, name }: GraphNode,
): readonly string[] {
  if (!isUnordered(optimizer) || place[0] !== optimizer.body) return namesBefore(place, expression)
  const roots = updates.map(({ core }) => core.kind === 'name' && core.name)
  return optimizer.body.statements.flatMap((statement) =>
    statement.kind === 'let' && statement.name.name !== name && !roots.includes(statement.name.name)
      ? [statement.name.name]
      : [],
  )
}

/** A rule is written with names, calls of its module's functions, decays on edges, and the learning rate. */
function ruleNotation(space: Space, scope: Scope, factor: Factor | undefined): Notation {
  const { isRate, isScaled } = createRateTests(space, scope, factor?.declaration.name.name)
  const seen = new Set<Expression>()

  const bindings = (lead: Lead, used: string): readonly Lead[] =>
    scope.resolve(used, lead.place).map(({ value, place, name }) => ({
      ...{ expression: value, place, name },
      root: lead.root === true && lead.name === undefined,
    }))

  /** The learning rate is no part of a rule: what it multiplies is walked, the product itself is no node. */
  const scaled = (lead: Lead): readonly Lead[] => {
    const { expression, place } = lead
    const isQuotient = expression.kind === 'binary' && expression.operator === quotientOperator.name
    return children(expression).flatMap((child): readonly Lead[] => {
      if (!isExpression(child) || isRate(child, place)) return []
      return isQuotient && !isScaled(child, place)
        ? [{ expression: child, place }]
        : [{ ...lead, expression: child }]
    })
  }

  return {
    splitEdge: (expression) => splitEdge(space, expression),
    isArgument: () => true,
    isNew: (expression) => {
      const isNew = !seen.has(expression)
      seen.add(expression)
      return isNew
    },
    detour: (lead) => {
      const { expression, place, name } = lead
      if (expression.kind === 'name') {
        const leads = bindings(lead, expression.name)
        return { isNode: leads.length === 0 || name !== undefined, leads }
      }
      return isScaled(expression, place) ? { isNode: false, leads: scaled(lead) } : undefined
    },
    inside: ({ expression, place }) => [
      ...children(expression).flatMap((child): readonly Lead[] => {
        if (child.kind === 'argument') return [{ expression: child.value, place }]
        return isExpression(child) ? [{ expression: child, place }] : []
      }),
      ...(expression.kind === 'call'
        ? scope
            .resultsOf(expression.callee.name)
            .map((result) => ({ expression: result.value, place: result.place }))
        : []),
    ],
  }
}

import type { NodeSpace, Template } from './space/space.ts'
import type { Random } from '../operators/random.ts'
import type { Expression } from '../syntax/ast.ts'
import { equal } from '../syntax/traverse.ts'
import type { BlockPath } from './scope.ts'
import { isIdentity, matchTemplate } from './template.ts'

/** An operator of a space somewhere in a tree: the place to mutate. */
export interface GraphNode {
  /** The tree that says it; replacing this tree replaces the node. */
  readonly expression: Expression
  readonly template: Template
  /** The values on its edges, decays included, in the order of the template's holes. */
  readonly arguments: readonly Expression[]
  /** The name of the statement whose whole value this is, if it is. */
  readonly name: string | undefined
  /** Whether this is the outermost node of a curve, or one that an outer form is applied to. */
  readonly root: boolean
  readonly place: BlockPath
}

/** A value on an edge, taken apart: `decay * value`. */
export interface Edge {
  readonly decay: Expression | undefined
  readonly value: Expression
}

/** Nodes in the tree that says them: the update equation of a rule, a decay, or a factor on the learning rate. */
export interface Graph<Tree> {
  readonly tree: Tree
  readonly space: NodeSpace
  /** The active nodes, in the order of a walk from the roots. */
  readonly nodes: readonly GraphNode[]
  /** Whether an argument of the root is always another node. */
  readonly rootUsesNode: boolean
  readonly splitEdge: (argument: Expression) => Edge
  /** Another argument for a node, drawn as the space says; with `asNode` another node, where there is one. */
  readonly drawArgument: (node: GraphNode, random: Random, asNode?: boolean) => Expression | 'cycle'
  /** The tree with another expression in the place of a node. */
  readonly replace: (node: GraphNode, changed: Expression) => Tree
}

/** A tree in which nodes are looked for, and how it was reached. */
export interface Lead extends Pick<GraphNode, 'expression' | 'place'> {
  readonly name?: string
  readonly root?: boolean
}

/** How a kind of graph is written, besides operators on operands. */
export interface Notation {
  readonly splitEdge: (expression: Expression) => Edge
  /** Whether an operator of the space can have the argument. */
  readonly isArgument: (expression: Expression) => boolean
  /** Whether this is the first tree asked for that stands for its node. */
  readonly isNew: (expression: Expression) => boolean
  /** Where a tree leads that is no operator whatever it looks like; `isNode`: the identity stands there. */
  readonly detour: (
    lead: Lead,
  ) => { readonly isNode: boolean; readonly leads: readonly Lead[] } | undefined
  /** Where a tree leads that the space has no operator for. */
  readonly inside: (lead: Lead) => readonly Lead[]
}

/** The nodes of a space that are reached from `roots`, each once, a node before its arguments. */
export function collectNodes(
  space: NodeSpace,
  roots: readonly Lead[],
  { splitEdge, isArgument, isNew, detour, inside }: Notation,
): readonly GraphNode[] {
  const nodes: GraphNode[] = []
  const addIdentity = (lead: Lead): void => void nodes.push(...identityNode(space, lead))
  const walk = (lead: Lead): void => {
    const { expression, place } = lead
    if (!isNew(expression)) return
    const passed = detour(lead)
    if (passed !== undefined) {
      if (passed.isNode) addIdentity(lead)
      passed.leads.forEach(walk)
      return
    }
    const { decay, value } = splitEdge(expression)
    if (decay !== undefined || isOperand(space, expression)) {
      addIdentity(lead)
      if (decay !== undefined) walk({ expression: value, place })
      return
    }
    const match = matchOperator(space, expression, isArgument)
    if (match === undefined) {
      addIdentity(lead)
      inside(lead).forEach(walk)
      return
    }
    nodes.push(nodeAt(lead, ...match))
    for (const argument of match[1]) walk({ expression: splitEdge(argument).value, place })
  }
  roots.forEach(walk)
  return nodes
}

function nodeAt(
  { expression, place, name, root = false }: Lead,
  template: Template,
  arguments_: readonly Expression[],
): GraphNode {
  return { expression, template, arguments: arguments_, name, root, place }
}

/** The identity on a tree that is a root or all of a statement: one node where the space has that operator. */
export function identityNode(space: NodeSpace, lead: Lead): readonly GraphNode[] {
  const identity = space.unary.items.find(isIdentity)
  return identity !== undefined && (lead.name !== undefined || lead.root === true)
    ? [nodeAt(lead, identity, [lead.expression])]
    : []
}

/** Whether the expression is one of the space's operands. */
export function isOperand(space: NodeSpace, expression: Expression): boolean {
  return space.operands.some((operand) => equal(operand, expression))
}

/** The first operator of the space, the identity aside, that says the expression, with its arguments. */
export function matchOperator(
  space: NodeSpace,
  expression: Expression,
  isArgument: (argument: Expression) => boolean,
): readonly [Template, readonly Expression[]] | undefined {
  for (const template of [...space.unary.items, ...space.binary.items]) {
    if (isIdentity(template)) continue
    const arguments_ = matchTemplate(template, expression)
    if (arguments_?.every(isArgument) === true) return [template, arguments_]
  }
  return undefined
}

import type { Space } from '../space/space.ts'
import type { Random } from '../../operators/random.ts'
import type { Expression, Module } from '../../syntax/ast.ts'
import type { GraphNode } from '../graph.ts'
import type { RuleView } from '../rule.ts'
import type { SlotTests } from '../sample.ts'

/** What a mutation changes: a rule with at least one active node, in a module of the space. */
export interface Site {
  readonly space: Space
  readonly module: Module
  readonly view: RuleView
  readonly random: Random
  readonly tests: SlotTests
}

/** A changed module, or why there is none; `kind` is what happened to the rule. */
export interface Attempt<Kind extends string, Failure extends string> {
  readonly kind: Kind
  readonly changed: Module | Failure
}

/** One row of the table of mutations. */
export interface Mutation<Kind extends string = string, Failure extends string = string> {
  /** The entry of a space's group `mutation` that has its probability. */
  readonly name: string
  /** What it may do to a rule, as the journal names it; the first stands for it where a rule has no nodes. */
  readonly kinds: readonly [Kind, ...Kind[]]
  /** Why it may give no module. */
  readonly failures: readonly Failure[]
  /** Its probability, relative to the others. */
  readonly rate: (space: Space) => number
  readonly apply: (site: Site) => Attempt<Kind, Failure>
}

/** A row as it is, with the names of its kinds and failures known to the compiler. */
export function row<const Kind extends string, const Failure extends string>(
  mutation: Mutation<Kind, Failure>,
): Mutation<Kind, Failure> {
  return mutation
}

/** An active node, drawn evenly. */
export function drawNode({ view, random }: Site): GraphNode {
  return random.pick(view.nodes)
}

/** The module with another expression in the place of a node, unless there is none. */
export function withNode<Failure extends string>(
  { view }: Site,
  node: GraphNode,
  changed: Expression | Failure,
): Module | Failure {
  return typeof changed === 'string' ? changed : view.replace(node, changed)
}

import type { Probabilities, Space } from '../space/space.ts'
import type { Random } from '../../operators/random.ts'
import type { Expression, Module } from '../../syntax/ast.ts'
import type { Graph, GraphNode } from '../graph.ts'
import type { RuleView } from '../rule.ts'
import type { SlotTests } from '../sample.ts'
import type { NodeFailure } from './table.ts'

/** Why any mutation may give no rule, in words. */
export const COMMON_FAILURES = {
  'no-node': 'nothing there to mutate',
  'no-change': 'the same as before',
  cycle: 'nodes that need each other in a circle',
  misfit: 'an error, or an update without a number for each element',
} as const

/** Why any mutation may give no rule. */
export type CommonFailure = keyof typeof COMMON_FAILURES

/** The failure of a node whose two arguments would be one. */
export const SAME_ARGUMENTS = { 'same-arguments': 'a node with two equal arguments' } as const

/** Random numbers, and what a space says of the choices inside a mutation. */
export interface Chances<Choice extends string> {
  readonly random: Random
  /** Whether the choice falls that way this time. */
  readonly chance: (choice: Choice) => boolean
}

/** What a mutation changes: a rule with at least one active node, in a module of the space. */
export interface Site<Choice extends string> extends Chances<Choice> {
  readonly space: Space
  readonly module: Module
  readonly view: RuleView
  readonly tests: SlotTests
  /** The tree of a smaller graph with one of its nodes changed, as often in each way as `rates` says. */
  readonly changeInside: <Tree>(graph: Graph<Tree>, rates: Probabilities) => Tree | NodeFailure
}

/** A changed module, or why there is none; `kind` is what happened to the rule. */
export interface Attempt<Kind extends string, Failure extends string> {
  readonly kind: Kind
  readonly changed: Module | Failure | NodeFailure
}

/** What a space says of a probability: an entry that it must have, or one whose value is this where it has none. */
export type Entry = 'required' | number

/** The parts that not every space has. */
export const SPACE_SLOTS = ['schedule', 'averages', 'values'] as const
export type SpaceSlot = (typeof SPACE_SLOTS)[number]

/** Words for names; optional, so that a row fits into a table with more names. */
export type Words<Name extends string> = { readonly [Each in Name]?: string }

/** One row of the table of mutations. */
export interface Mutation<
  Kind extends string = string,
  Failure extends string = string,
  Choice extends string = string,
> {
  /** The entry of a space's group `mutation` that has its rate. */
  readonly name: string
  /** How likely it is, relative to the others. */
  readonly rate: Entry
  /** The entries for what may happen inside it: probabilities in the same group. */
  readonly choices: Readonly<Record<Choice, Entry>>
  /** The part of a space that it changes, where not every space has it: only those that have it have its entries. */
  readonly slot?: SpaceSlot
  /** Whether it only takes away from a rule. */
  readonly simplifies?: boolean
  /** What it may do to a rule, as the journal names it, in words; the first stands for it where a rule has no nodes. */
  readonly kinds: Words<Kind>
  /** Why it may give no rule, besides what any may fail for, in words. */
  readonly failures: Words<Failure>
  readonly apply: (
    site: Site<NoInfer<Choice>>,
  ) => Attempt<NoInfer<Kind>, NoInfer<Failure> | CommonFailure>
}

/** A mutation of one node of any graph: a rule's, a decay's, or that of a factor on the learning rate. */
export interface NodeMutation<
  Name extends string = string,
  Failure extends string = string,
  Choice extends string = string,
> extends Mutation<Name, Failure, Choice> {
  /** What takes the place of the node. */
  readonly change: (
    graph: Graph<unknown>,
    node: GraphNode,
    chances: Chances<NoInfer<Choice>>,
  ) => Expression | NoInfer<Failure> | CommonFailure
}

/** A row as it is, with the names of its kinds, failures and choices known to the compiler. */
export function row<Kind extends string, Failure extends string, Choice extends string>(
  mutation: Mutation<Kind, Failure, Choice>,
): Mutation<Kind, Failure, Choice> {
  return mutation
}

/** The row of a mutation that changes a node, drawn evenly; `words` say what it does. */
export function nodeRow<const Name extends string, Failure extends string, Choice extends string>({
  name,
  words,
  ...rest
}: Pick<NodeMutation<Name, Failure, Choice>, 'rate' | 'choices' | 'failures' | 'change'> & {
  readonly name: Name
  readonly words: string
}): NodeMutation<Name, Failure, Choice> {
  return {
    ...rest,
    name,
    kinds: { [name]: words } as Words<Name>,
    apply: (site) => {
      const node = site.random.pick(site.view.nodes)
      const changed = rest.change(site.view, node, site)
      return {
        kind: name,
        changed: typeof changed === 'string' ? changed : site.view.replace(node, changed),
      }
    },
  }
}

/** Whether a mutation is of one node of any graph. */
export function isOfNode<Kind extends string, Failure extends string>(
  mutation: Mutation<Kind, Failure>,
): mutation is NodeMutation<Kind, Failure> {
  return 'change' in mutation
}

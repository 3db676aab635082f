import type { Probabilities, Space } from './space/space.ts'
import type { Random } from '../operators/random.ts'
import type { Module } from '../syntax/ast.ts'
import { equal } from '../syntax/traverse.ts'
import { chancesOf, changeNode, drawMutation } from './change-node.ts'
import type { Graph } from './graph.ts'
import { isOfNode, type Mutation } from './mutations/mutation.ts'
import {
  mutations,
  type MutationFailure,
  type MutationKind,
  type NodeFailure,
} from './mutations/table.ts'
import { viewRule } from './rule.ts'
import { orderLets } from './order.ts'
import type { SlotTests } from './sample.ts'
import { isUnordered } from './scope.ts'

export type { MutationFailure, MutationKind } from './mutations/table.ts'

/** A mutated module, or the reason why there is none. */
export type Mutant<Kind extends string = MutationKind, Failure extends string = MutationFailure> =
  | { readonly kind: Kind; readonly module: Module }
  | { readonly kind: Kind; readonly failure: Failure }

/**
 * One random mutation of a module's first optimizer within the space, drawn from the table. The answer prints and parses,
 * and fits where the space says what updates have a number for; whether it does anything useful, and in other spaces whether
 * it checks, is for the caller to find out.
 */
export function mutate(space: Space, module: Module, random: Random, tests: SlotTests): Mutant {
  return mutateBy<MutationKind, MutationFailure>(mutations, space, module, random, tests)
}

/** The same with a table of its own. */
export function mutateBy<Kind extends string, Failure extends string>(
  table: readonly Mutation<Kind, Failure>[],
  space: Space,
  module: Module,
  random: Random,
  tests: SlotTests,
): Mutant<Kind, Failure | MutationFailure> {
  const mutation = drawMutation(table, space.mutation, random)
  const view = viewRule(space, module)
  if (view === undefined || view.nodes.length === 0)
    return { kind: Object.keys(mutation.kinds)[0] as Kind, failure: 'no-node' }
  const { kind, changed } = mutation.apply({
    ...chancesOf(space.mutation, random),
    ...{ space, module, view, tests },
    // What a mutation of the table fails with inside is a failure of the table, which the row that asked hands on.
    changeInside: <Tree>(graph: Graph<Tree>, rates: Probabilities) =>
      changeNode(table.filter(isOfNode), graph, rates, random) as Tree | NodeFailure,
  })
  if (typeof changed === 'string') return { kind, failure: changed }
  const mutant = settle(module, changed, kind)
  return 'module' in mutant && !tests.fits(mutant.module) ? { kind, failure: 'misfit' } : mutant
}

/** The module with its lets in an order that they can stand in. */
function settle<Kind extends string>(
  before: Module,
  after: Module,
  kind: Kind,
): Mutant<Kind, MutationFailure> {
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

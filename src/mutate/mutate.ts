import type { Space } from './space/space.ts'
import type { Random } from '../operators/random.ts'
import type { Module } from '../syntax/ast.ts'
import { equal } from '../syntax/traverse.ts'
import { chooseWeighted } from './choose.ts'
import type { Mutation } from './mutations/mutation.ts'
import { mutations, type MutationFailure, type MutationKind } from './mutations/table.ts'
import { viewRule } from './rule.ts'
import { orderLets } from './order.ts'
import type { SlotTests } from './sample.ts'
import { isUnordered } from './scope.ts'

export type { MutationFailure, MutationKind } from './mutations/table.ts'

/** A mutated module, or the reason why there is none. */
export type Mutant =
  | { readonly kind: MutationKind; readonly module: Module }
  | { readonly kind: MutationKind; readonly failure: MutationFailure }

/**
 * One random mutation of a module's first optimizer within the space, drawn from the table. The answer prints and parses;
 * whether it checks and does anything useful is for the caller to find out.
 */
export function mutate(space: Space, module: Module, random: Random, tests: SlotTests): Mutant {
  const mutation = chooseWeighted<Mutation<MutationKind, MutationFailure>>(
    mutations.map((each) => [each, each.rate(space)]),
    random,
  )
  const view = viewRule(space, module)
  if (view === undefined || view.nodes.length === 0)
    return { kind: mutation.kinds[0], failure: 'no-node' }
  const { kind, changed } = mutation.apply({ space, module, view, random, tests })
  return typeof changed === 'string' ? { kind, failure: changed } : settle(module, changed, kind)
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

import type { Operator } from '../../operators/operator.ts'
import type { DefinedName, PrimitiveName } from '../../operators/table.ts'
import { binary, call, member, name, number, type Code } from '../code.ts'
import type { ArrayBuilder } from '../python/arrays/builder.ts'
import { array, arraySpellings, type ArrayPrelude, type Form } from '../python/arrays/spellings.ts'
import type { PreludeName as SharedName } from '../python/prelude-sources.ts'
import { preludeSources, type PreludeName as OwnName } from './prelude-sources.ts'

export type PreludeName = SharedName | OwnName

/** What modules of JAX carry as it is. */
export const ownPrelude = preludeSources satisfies ArrayPrelude

/** What a spelling can ask for beside its arguments. */
export interface JaxBuilder extends ArrayBuilder {
  /** A name of JAX. */
  jax(...path: readonly string[]): Code
  /** A constant or function of the prelude. */
  piece(called: PreludeName): Code
  /** The builder for an operator at that place of the program. */
  at(site: number): JaxBuilder
}

type JaxForm = Form<JaxBuilder>

/** A function elsewhere in JAX. */
const jax =
  (...path: readonly string[]): JaxForm =>
  (build, ...arguments_) =>
    call(build.jax(...path), ...arguments_.map(({ code }) => code))

/** How each primitive is written for JAX, and what JAX has a better way for than its definition. */
export const spellings: Readonly<
  Record<PrimitiveName, JaxForm> & Partial<Record<DefinedName, JaxForm>>
> = {
  ...arraySpellings,
  sign: array('sign'),
  softsign: jax('nn', 'soft_sign'),
  erf: jax('scipy', 'special', 'erf'),
  erfc: jax('scipy', 'special', 'erfc'),
  bessel_i1e: jax('scipy', 'special', 'i1e'),
  size: (_, w) => member(w!.code, 'size'),
  is_hidden: (_, w) =>
    binary('and', name('of_hidden'), binary('>=', member(w!.code, 'ndim'), number(2))),
  // Every array of a tree is updated on every step.
  steps: () => name('t'),
  transpose: (_, x) => member(x!.code, 'T'),
}

/** What there is where a condition holds, else something else. */
export const chosen = (build: JaxBuilder, condition: Code, then: Code, otherwise: Code): Code =>
  call(build.array('where'), condition, then, otherwise)

const table: ReadonlyMap<string, JaxForm> = new Map(Object.entries(spellings))

/** Whether the operator is written as itself; one that is not stands for its definition. */
export function isSpelled({ name: called }: Pick<Operator, 'name'>): boolean {
  return table.has(called)
}

/** The spelling of an operator that has one. Throws a RangeError for any other. */
export function spellingOf({ name: called }: Pick<Operator, 'name'>): JaxForm {
  const found = table.get(called)
  if (found === undefined) throw new RangeError(`no spelling of the operator ${called}`)
  return found
}

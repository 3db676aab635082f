import type { Operator } from '../../operators/operator.ts'
import type { DefinedName, PrimitiveName } from '../../operators/table.ts'
import { binary, call, name, number, type Code } from '../code.ts'
import type { ArrayBuilder } from '../python/arrays/builder.ts'
import { array, arraySpellings, type ArrayPrelude, type Form } from '../python/arrays/spellings.ts'
import type { PreludeName as SharedName } from '../python/prelude-sources.ts'
import { preludeSources, type PreludeName as OwnName } from './prelude-sources.ts'

export type PreludeName = SharedName | OwnName

/** What modules of Keras carry as it is. */
export const ownPrelude = preludeSources satisfies ArrayPrelude

/** What a spelling can ask for beside its arguments. */
export interface KerasBuilder extends ArrayBuilder {
  /** A function of arrays that keeps 64 bits. */
  wideArray(called: string): Code
  /** The builder for an operator at that place of the program. */
  at(site: number): KerasBuilder
}

type KerasForm = Form<KerasBuilder>

const own =
  (called: PreludeName): KerasForm =>
  (build, ...arguments_) =>
    build.prelude(called, ...arguments_.map(({ code }) => code))

/** How each primitive is written for Keras, and what Keras has a better way for than its definition. */
export const spellings: Readonly<
  Record<PrimitiveName, KerasForm> & Partial<Record<DefinedName, KerasForm>>
> = {
  ...arraySpellings,
  sign: own('sign_of'),
  softsign: own('soft_sign'),
  erf: array('erf'),
  erfc: array('erfc'),
  bessel_i1e: own('bessel_function'),
  rank: (_, w) => call('len', { kind: 'member', object: w!.code, name: 'shape' }),
  size: own('count'),
  is_hidden: () =>
    binary('and', name('of_hidden'), binary('>=', call('len', name('w', 'shape')), number(2))),
  steps: () => name('updates'),
  transpose: array('transpose'),
}

const table: ReadonlyMap<string, KerasForm> = new Map(Object.entries(spellings))

/** Whether the operator is written as itself; one that is not stands for its definition. */
export function isSpelled({ name: called }: Pick<Operator, 'name'>): boolean {
  return table.has(called)
}

/** The spelling of an operator that has one. Throws a RangeError for any other. */
export function spellingOf({ name: called }: Pick<Operator, 'name'>): KerasForm {
  const found = table.get(called)
  if (found === undefined) throw new RangeError(`no spelling of the operator ${called}`)
  return found
}

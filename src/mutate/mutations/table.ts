import { arity } from './arity.ts'
import { average } from './average.ts'
import { connection } from './connection.ts'
import { decay } from './decay.ts'
import { form } from './form.ts'
import { COMMON_FAILURES, type CommonFailure, type Mutation, type Words } from './mutation.ts'
import { operator } from './operator.ts'
import { removal } from './removal.ts'
import { schedule } from './schedule.ts'
import { value } from './value.ts'
import { wrap } from './wrap.ts'

/** The mutations of one node of any graph. */
export const nodeMutations = [operator, connection, arity, wrap] as const

/** All mutations, in the order in which one is drawn: a new one belongs at the end, or seeds give other searches. */
export const mutations = [
  operator,
  connection,
  arity,
  form,
  decay,
  schedule,
  wrap,
  value,
  average,
  removal,
] as const

type Row = (typeof mutations)[number]
type KeyOf<T> = T extends unknown ? keyof T : never

/** What a mutation did to a rule: the kinds of all rows, written out for those who read declarations. */
export type MutationKind =
  | 'operator'
  | 'connection'
  | 'arity'
  | 'form'
  | 'add-decay'
  | 'delete-decay'
  | 'change-decay'
  | 'add-schedule'
  | 'delete-schedule'
  | 'change-schedule'
  | 'wrap'
  | 'value'
  | 'average'
  | 'remove-part'

/** Why an attempted mutation gave no program. */
export type MutationFailure = KeyOf<Row['failures']> | CommonFailure

/** Why a change of one node of a graph gave none. */
export type NodeFailure = KeyOf<(typeof nodeMutations)[number]['failures']> | CommonFailure

/** Whether a rule made by that kind of mutation is its parent with less: as good as the parent, it is the better of the two. */
export function isSimplification(
  kind: string | undefined,
  table: readonly Mutation[] = mutations,
): boolean {
  return kind !== undefined && table.some((each) => each.simplifies === true && kind in each.kinds)
}

/** What each kind of mutation does to a rule, in words. */
export function kindWords(table: readonly Mutation[] = mutations): ReadonlyMap<string, string> {
  return new Map(table.flatMap(({ kinds }) => wordsIn(kinds)))
}

/** Why attempted mutations may give no program, in words. */
export function failureWords(table: readonly Mutation[] = mutations): ReadonlyMap<string, string> {
  return new Map([COMMON_FAILURES, ...table.map(({ failures }) => failures)].flatMap(wordsIn))
}

const wordsIn = (words: Words<string>): (readonly [name: string, text: string])[] =>
  Object.entries(words).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]]))

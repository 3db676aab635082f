import { arity } from './arity.ts'
import { connection } from './connection.ts'
import { decay } from './decay.ts'
import { form } from './form.ts'
import { operator } from './operator.ts'
import { schedule } from './schedule.ts'

/** All mutations, in the order in which one is drawn: a new one belongs at the end, or seeds give other searches. */
export const mutations = [operator, connection, arity, form, decay, schedule] as const

type Row = (typeof mutations)[number]

/** What a mutation did to a rule. */
export type MutationKind = Row['kinds'][number]

/** Why an attempted mutation gave no program; the last two can meet every one. */
export type MutationFailure = Row['failures'][number] | 'no-node' | 'cycle' | 'no-change'

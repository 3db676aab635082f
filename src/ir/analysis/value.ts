import { anything, exactly, joinIntervals, type Interval } from '../../operators/interval.ts'
import { linearForm, sameRelation, type Relation } from './relation.ts'

/** What is known of the numbers a node can have at one place of a program. */
export interface Value {
  readonly interval: Interval
  /** How the number relates to `t`, `T` and parameters, where that is known. */
  readonly relation: Relation | undefined
  /** Whether ends were left out of the interval that a hyperparameter declares and the number rests on. */
  readonly interior: boolean
  /** Whether the interval rests on `t < T`, which is not so behind the end of the run. */
  readonly beforeEnd: boolean
  /** Whether the interval rests on a parameter about which nothing is declared. */
  readonly guessed: boolean
}

/** A number in the interval about which nothing else is known but what is given. */
export function createValue(range: Interval, more: Partial<Value> = {}): Value {
  return {
    interval: range,
    relation: undefined,
    interior: false,
    beforeEnd: false,
    guessed: false,
    ...more,
  }
}

/** The value of a number that is written down; nothing is known of NaN. */
export function constantOf(value: number): Value {
  return createValue(Number.isNaN(value) ? anything : exactly(value), {
    relation: linearForm([], value),
  })
}

/** A value that is one of the two. */
export function joinValues(a: Value, b: Value): Value {
  return {
    interval: joinIntervals(a.interval, b.interval),
    relation: sameRelation(a.relation, b.relation) ? a.relation : undefined,
    interior: a.interior || b.interior,
    beforeEnd: a.beforeEnd || b.beforeEnd,
    guessed: a.guessed || b.guessed,
  }
}

/** Whether nothing that is compared between rounds of a fixpoint differs. */
export function sameValue(a: Value, b: Value): boolean {
  return (
    a.interior === b.interior &&
    a.beforeEnd === b.beforeEnd &&
    a.guessed === b.guessed &&
    sameInterval(a.interval, b.interval)
  )
}

function sameInterval(a: Interval, b: Interval): boolean {
  return (
    a.low === b.low &&
    a.high === b.high &&
    a.lowOpen === b.lowOpen &&
    a.highOpen === b.highOpen &&
    a.nan === b.nan
  )
}

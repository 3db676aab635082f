import {
  anything,
  exactly,
  finite,
  interval,
  joinIntervals,
  type Interval,
} from '../operators/interval.ts'
import { joinStages, type Stage } from '../operators/stage.ts'
import type { BuiltinName, Type } from './checked-module.ts'
import { linearForm, sameRelation, type Relation } from './relations.ts'

/** What abstract interpretation knows of an expression at one place of one program. */
export interface Value extends Type {
  /** How the value relates to `t` and `T`, where that is known. */
  readonly relation: Relation | undefined
  /** Whether the gradient has any part in it. */
  readonly gradient: boolean
  /** Whether ends were left out of the interval that a hyperparameter declares and the value rests on. */
  readonly interior: boolean
  /** Whether the interval rests on `t < T`, which is not so behind the end of the run. */
  readonly beforeEnd: boolean
  /** The whole interval that a hyperparameter declares; only for the hyperparameter itself. */
  readonly declared: Interval | undefined
  /** Whether the interval rests on a parameter about which nothing is declared. */
  readonly guessedInterval: boolean
  /** Whether the stage rests on a parameter of a function, whose arguments may be of an earlier one. */
  readonly guessedStage: boolean
  /** Set where an error has been reported; nothing more is said about values that come of it. */
  readonly unknown: boolean
}

/** A number about which everything but the interval and the stage is plain. */
export function createValue(stage: Stage, range: Interval, more: Partial<Value> = {}): Value {
  return {
    stage,
    interval: range,
    boolean: false,
    relation: undefined,
    gradient: false,
    interior: false,
    beforeEnd: false,
    declared: undefined,
    guessedInterval: false,
    guessedStage: false,
    unknown: false,
    ...more,
  }
}

/** The value of an expression with an error in it. */
export const unknownValue: Value = createValue('constant', anything, {
  unknown: true,
  guessedInterval: true,
  guessedStage: true,
})

/** The value of a number. */
export function constantOf(value: number): Value {
  return createValue('constant', exactly(value), { relation: linearForm(0, 0, value) })
}

/** The values of `g`, `w`, `t` and `T`. */
export const builtinValues: Readonly<Record<BuiltinName, Value>> = {
  g: createValue('tensor', finite, { gradient: true }),
  w: createValue('tensor', finite),
  t: createValue('schedule', interval(0, Infinity, { highOpen: true }), {
    relation: linearForm(1, 0, 0),
  }),
  T: createValue('hyper', interval(1, Infinity, { highOpen: true }), {
    relation: linearForm(0, 1, 0),
  }),
}

/** A value that is one of the two. */
export function joinValues(a: Value, b: Value): Value {
  return {
    stage: joinStages(a.stage, b.stage),
    boolean: a.boolean && b.boolean,
    interval: joinIntervals(a.interval, b.interval),
    relation: sameRelation(a.relation, b.relation) ? a.relation : undefined,
    gradient: a.gradient || b.gradient,
    interior: a.interior || b.interior,
    beforeEnd: a.beforeEnd || b.beforeEnd,
    declared: undefined,
    guessedInterval: a.guessedInterval || b.guessedInterval,
    guessedStage: a.guessedStage || b.guessedStage,
    unknown: a.unknown || b.unknown,
  }
}

/** Whether nothing that is compared between rounds of a fixpoint differs. */
export function sameValue(a: Value, b: Value): boolean {
  return (
    a.stage === b.stage &&
    a.gradient === b.gradient &&
    a.interior === b.interior &&
    a.unknown === b.unknown &&
    a.guessedInterval === b.guessedInterval &&
    a.guessedStage === b.guessedStage &&
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

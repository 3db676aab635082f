import {
  anything,
  exactly,
  finite,
  interval,
  joinIntervals,
  type Interval,
} from '../operators/interval.ts'
import { joinPlacements, type Placement } from '../operators/type.ts'
import type { Type } from './checked-module.ts'
import type { BuiltinName } from '../resolve/resolution.ts'
import { linearForm, sameRelation, type Relation } from './relations.ts'

/** What abstract interpretation knows of an expression at one place of one program. */
export interface Value extends Type {
  /** How the value relates to `t` and `T`, where that is known. */
  readonly relation: Relation | undefined
  /** Whether `T` or a hyperparameter has any part in it, which may be a schedule. */
  readonly adjustable: boolean
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
  /** Whether the placement rests on a parameter of a function, whose arguments may be known earlier. */
  readonly guessedPlacement: boolean
  /** Set where an error has been reported; nothing more is said about values that come of it. */
  readonly unknown: boolean
}

/** A number about which everything but the interval and the placement is plain. */
export function createValue(
  { known, extent }: Placement,
  range: Interval,
  more: Partial<Value> = {},
): Value {
  return {
    known,
    extent,
    interval: range,
    boolean: false,
    relation: undefined,
    adjustable: false,
    gradient: false,
    interior: false,
    beforeEnd: false,
    declared: undefined,
    guessedInterval: false,
    guessedPlacement: false,
    unknown: false,
    ...more,
  }
}

/** Where values of the language are known, and one for what. */
export const PLACES = {
  constant: { known: 'constant', extent: 'run' },
  build: { known: 'build', extent: 'run' },
  step: { known: 'step', extent: 'run' },
  element: { known: 'gradient', extent: 'element' },
} as const satisfies Readonly<Record<string, Placement>>

/** The value of an expression with an error in it. */
export const unknownValue: Value = createValue(PLACES.constant, anything, {
  unknown: true,
  guessedInterval: true,
  guessedPlacement: true,
})

/** The value of a number. */
export function constantOf(value: number): Value {
  return createValue(PLACES.constant, exactly(value), { relation: linearForm(0, 0, value) })
}

/** The values of `g`, `w`, `t` and `T`. */
export const builtinValues: Readonly<Record<BuiltinName, Value>> = {
  g: createValue(PLACES.element, finite, { gradient: true }),
  w: createValue(PLACES.element, finite),
  t: createValue(PLACES.step, interval(0, Infinity, { highOpen: true }), {
    relation: linearForm(1, 0, 0),
  }),
  T: createValue(PLACES.build, interval(1, Infinity, { highOpen: true }), {
    relation: linearForm(0, 1, 0),
    adjustable: true,
  }),
}

/** Whether the value is made of constants and facts about the parameter's shape alone. */
export function isFromShape({ known, adjustable }: Value): boolean {
  return known === 'constant' || (known === 'build' && !adjustable)
}

/** A value that is one of the two. */
export function joinValues(a: Value, b: Value): Value {
  return {
    ...joinPlacements(a, b),
    boolean: a.boolean && b.boolean,
    interval: joinIntervals(a.interval, b.interval),
    relation: sameRelation(a.relation, b.relation) ? a.relation : undefined,
    adjustable: a.adjustable || b.adjustable,
    gradient: a.gradient || b.gradient,
    interior: a.interior || b.interior,
    beforeEnd: a.beforeEnd || b.beforeEnd,
    declared: undefined,
    guessedInterval: a.guessedInterval || b.guessedInterval,
    guessedPlacement: a.guessedPlacement || b.guessedPlacement,
    unknown: a.unknown || b.unknown,
  }
}

/** Whether nothing that is compared between rounds of a fixpoint differs. */
export function sameValue(a: Value, b: Value): boolean {
  return (
    a.known === b.known &&
    a.extent === b.extent &&
    a.adjustable === b.adjustable &&
    a.gradient === b.gradient &&
    a.interior === b.interior &&
    a.unknown === b.unknown &&
    a.guessedInterval === b.guessedInterval &&
    a.guessedPlacement === b.guessedPlacement &&
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

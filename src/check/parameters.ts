import {
  exactly,
  finite,
  interval,
  joinIntervals,
  within,
  type Interval,
} from '../operators/interval.ts'
import type { Expression, Parameter } from '../syntax/ast.ts'
import { isBuiltin } from '../resolve/builtins.ts'
import { evaluateAt } from './evaluate-schedule.ts'
import type { Tables } from '../resolve/resolved-module.ts'
import { isEmpty } from './intervals.ts'
import { builtinValues, createValue, PLACES, type Value } from './value.ts'

/** The number a constant expression stands for; NaN when it stands for none. */
export function constantValue(tables: Tables, expression: Expression): number {
  return evaluateAt(tables, expression, new Map(), { t: NaN, T: NaN })
}

/** The interval a parameter declares; undefined when it declares none, or one that cannot be read or is empty. */
export function declaredInterval(tables: Tables, parameter: Parameter): Interval | undefined {
  const { range } = parameter
  if (range === undefined) return undefined
  const low = constantValue(tables, range.low)
  const high = constantValue(tables, range.high)
  const { lowOpen, highOpen } = range
  if (Number.isNaN(low) || Number.isNaN(high) || isEmpty({ low, high, lowOpen, highOpen }))
    return undefined
  return interval(low, high, { lowOpen, highOpen })
}

/**
 * The value of a hyperparameter. It is taken to lie strictly within its range or to have its default, so that a range that
 * allows 0 need not be a reason to warn of it; one without a range is guessed to be harmless.
 */
export function hyperparameterValue(tables: Tables, parameter: Parameter): Value {
  const declared = declaredInterval(tables, parameter)
  if (declared === undefined)
    return createValue(PLACES.build, finite, {
      adjustable: true,
      guessedInterval: true,
    })
  const { low, high } = declared
  const inside = interval(low, high, { lowOpen: true, highOpen: true })
  const value = parameter.default === undefined ? NaN : constantValue(tables, parameter.default)
  const expected = Number.isNaN(value) ? inside : joinIntervals(inside, exactly(value))
  return createValue(PLACES.build, expected, {
    adjustable: true,
    interior: !within(declared, expected),
    declared,
  })
}

/** The value of a function's parameter as long as nothing is known of its calls. */
export function argumentValue(tables: Tables, parameter: Parameter, isSchedule: boolean): Value {
  const declared = declaredInterval(tables, parameter)
  const { name } = parameter.name
  if (isSchedule && tables.implicitDefaults.has(parameter) && isBuiltin(name))
    return builtinValues[name]
  return createValue(isSchedule ? PLACES.step : PLACES.element, declared ?? finite, {
    guessedInterval: declared === undefined,
    guessedPlacement: !isSchedule,
    gradient: !isSchedule,
  })
}

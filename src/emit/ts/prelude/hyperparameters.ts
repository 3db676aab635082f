/** A number; a function of the steps taken and the number of steps of the run; or a number for each step. */
export type Hyperparameter = number | ((t: number, T: number) => number) | readonly number[]

/** The interval of each hyperparameter, with square brackets at ends that belong to it. */
export type Limits = Record<
  string,
  readonly [begin: '[' | '(', low: number, high: number, end: ']' | ')']
>

/**
 * The value of a hyperparameter at step `t` of `T`. Throws a RangeError where it is outside its interval, a TypeError where
 * it is no number, an Error where it depends on a `T` that is not given.
 */
export function valueAt(
  name: string,
  hyperparameter: Hyperparameter,
  t: number,
  T: number,
  limits: Limits,
): number {
  const value =
    typeof hyperparameter === 'function'
      ? hyperparameter(t, T === Infinity ? NaN : T)
      : Array.isArray(hyperparameter)
        ? hyperparameter[Math.min(t, hyperparameter.length - 1)]
        : hyperparameter
  if (Number.isNaN(value) && T === Infinity) {
    throw new Error(
      `${name} is no number at step ${t}; if it depends on the number of steps, give totalSteps`,
    )
  }
  return within(name, value, limits, true)
}

/**
 * `value` itself. Throws a RangeError when it is a number outside its interval, or a list that is empty or holds one; a
 * TypeError when it is nothing of the kind.
 */
export function checked(name: string, value: Hyperparameter, limits: Limits): Hyperparameter {
  if (typeof value === 'function') return value
  if (!Array.isArray(value)) return within(name, value, limits, false)
  if (value.length === 0) throw new RangeError(`${name} is an empty list`)
  for (const x of value) within(name, x, limits, true)
  return value
}

/**
 * `x` itself. Throws a TypeError when it is no number, a RangeError when it is outside the interval that `name` has. What
 * changes from step to step may reach finite ends of it: a learning rate warms up from 0.
 */
export function within(name: string, x: unknown, limits: Limits, isScheduled: boolean): number {
  if (typeof x !== 'number') {
    throw new TypeError(
      `${name} must be a number, a function or a list of numbers; it is of type ${typeof x}`,
    )
  }
  const limit = limits[name]
  if (limit !== undefined && !isWithin(x, limit, isScheduled)) {
    const [begin, low, high, end] = limit
    const interval = `${begin}${low}, ${high}${end}`.replaceAll('Infinity', 'inf')
    throw new RangeError(`${name} is ${x}; it must be in ${interval}`)
  }
  return x
}

/** Whether `x` is in the interval, or where it changes from step to step, at a finite end of it. */
export function isWithin(
  x: number,
  [begin, low, high, end]: Limits[string],
  isScheduled: boolean,
): boolean {
  const reachesEnd = isScheduled && Number.isFinite(x)
  const isAbove = x > low || (x === low && (begin === '[' || reachesEnd))
  const isBelow = x < high || (x === high && (end === ']' || reachesEnd))
  return isAbove && isBelow
}

/**
 * A hyperparameter as JSON can hold it and the constructor takes it: of a function, its values at every step; a number at
 * an end of its interval as a list. Throws as `valueAt` does, and an Error for a function without a number of steps.
 */
export function serialized(
  name: string,
  value: Hyperparameter,
  T: number,
  limits: Limits,
): number | number[] {
  if (typeof value === 'function') {
    if (T === Infinity)
      throw new Error(`${name} is a function: to save its values, give totalSteps`)
    return Array.from({ length: T }, (_, t) => valueAt(name, value, t, T, limits))
  }
  if (Array.isArray(value)) return value.map((x) => within(name, x, limits, true))
  // What is set between steps may be at an end, which the constructor takes in a list alone.
  const x = within(name, value, limits, true)
  const limit = limits[name]
  return limit === undefined || isWithin(x, limit, false) ? x : [x]
}

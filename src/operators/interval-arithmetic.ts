import { anything, exactly, interval, joinIntervals, type Interval } from './interval.ts'

/** A bound of an interval: its value, and whether the value itself is left out. */
interface End {
  readonly value: number
  readonly open: boolean
}

const lowEnd = (range: Interval): End => ({ value: range.low, open: range.lowOpen })
const highEnd = (range: Interval): End => ({ value: range.high, open: range.highOpen })
const ends = (range: Interval): readonly [End, End] => [lowEnd(range), highEnd(range)]

/** Whether the interval holds `value`; an infinity at an open end does not count. */
function holds(range: Interval, value: number): boolean {
  return (
    (value > range.low || (value === range.low && !range.lowOpen)) &&
    (value < range.high || (value === range.high && !range.highOpen))
  )
}

const holdsInfinity = (range: Interval): boolean =>
  holds(range, Infinity) || holds(range, -Infinity)

/** The interval between the smallest and the largest of some values at corners. */
function hull(corners: readonly End[], nan: boolean): Interval {
  let low = Infinity
  let high = -Infinity
  for (const { value } of corners) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return interval(low, high, {
    lowOpen: isOpenAt(corners, low),
    highOpen: isOpenAt(corners, high),
    nan,
  })
}

function isOpenAt(corners: readonly End[], at: number): boolean {
  for (const { value, open } of corners) if (value === at && !open) return false
  return true
}

/** How close to an infinite end, and how far from a finite one in parts of the interval, a function is looked at. */
const FAR = 1e300
const NEAR = 1e-3

/** Whether a function that never turns is level towards an open end, so that its limit there is reached before. */
function isLevel(f: (x: number) => number, end: number, other: number): boolean {
  const limit = f(end)
  if (!Number.isFinite(limit)) return false
  if (!Number.isFinite(end)) return f(Math.sign(end) * FAR) === limit
  return f(end + Math.max(-1, Math.min(1, other - end)) * NEAR) === limit
}

/** The values of a function that never falls. */
export function increasing(f: (x: number) => number): (x: Interval) => Interval {
  return (x) =>
    interval(f(x.low), f(x.high), {
      lowOpen: x.lowOpen && !isLevel(f, x.low, x.high),
      highOpen: x.highOpen && !isLevel(f, x.high, x.low),
      nan: x.nan,
    })
}

/** The values of a function that never rises. */
export function decreasing(f: (x: number) => number): (x: Interval) => Interval {
  return (x) => negate(increasing((value) => -f(value))(x))
}

/** The values of a function of |x| that never falls (or never rises) as |x| grows. */
export function even(onSizes: (size: Interval) => Interval): (x: Interval) => Interval {
  return (x) => onSizes(abs(x))
}

/** The values of a function that turns at the given points and nowhere else. */
export function turningAt(
  points: readonly number[],
  f: (x: number) => number,
): (x: Interval) => Interval {
  return (x) => {
    const turns = points.filter((point) => x.low < point && point < x.high)
    const corners = [...ends(x), ...turns.map((value) => ({ value, open: false }))]
    return hull(
      corners.map(({ value, open }) => ({ value: f(value), open })),
      x.nan,
    )
  }
}

export function sign(x: Interval): Interval {
  const isPositive = x.low > 0 || (x.low === 0 && x.lowOpen)
  const isNegative = x.high < 0 || (x.high === 0 && x.highOpen)
  const low = isPositive ? 1 : x.low < 0 ? -1 : 0
  const high = isNegative ? -1 : x.high > 0 ? 1 : 0
  return interval(low, high, { nan: x.nan })
}

export function floor(x: Interval): Interval {
  const high = x.highOpen && Number.isInteger(x.high) ? x.high - 1 : Math.floor(x.high)
  return interval(Math.floor(x.low), high, {
    lowOpen: x.lowOpen && x.low === -Infinity,
    highOpen: x.highOpen && x.high === Infinity,
    nan: x.nan,
  })
}

/** A function of any number that is nowhere outside the given interval and NaN only for NaN. */
export function bounded(low: number, high: number): (x: Interval) => Interval {
  return (x) => interval(low, high, { nan: x.nan })
}

export function negate(x: Interval): Interval {
  return interval(-x.high, -x.low, { lowOpen: x.highOpen, highOpen: x.lowOpen, nan: x.nan })
}

export function abs(x: Interval): Interval {
  if (x.low >= 0) return x
  if (x.high <= 0) return negate(x)
  return hull(
    [
      { value: 0, open: false },
      ...ends(x).map(({ value, open }) => ({ value: Math.abs(value), open })),
    ],
    x.nan,
  )
}

export function square(x: Interval): Interval {
  return even(increasing((size) => size * size))(x)
}

export function add(a: Interval, b: Interval): Interval {
  const opposed =
    (holds(a, Infinity) && holds(b, -Infinity)) || (holds(a, -Infinity) && holds(b, Infinity))
  const low = a.low + b.low
  const high = a.high + b.high
  if (Number.isNaN(low) || Number.isNaN(high)) return anything
  return interval(low, high, {
    // An infinity stays one, whatever finite number is added to it.
    lowOpen: (a.lowOpen || b.lowOpen) && !holds(a, -Infinity) && !holds(b, -Infinity),
    highOpen: (a.highOpen || b.highOpen) && !holds(a, Infinity) && !holds(b, Infinity),
    nan: a.nan || b.nan || opposed,
  })
}

export function subtract(a: Interval, b: Interval): Interval {
  return add(a, negate(b))
}

/** The corner of a product: 0 times an infinity that is only approached is 0. */
function productCorner(a: End, b: End): End {
  const value = a.value === 0 || b.value === 0 ? 0 : a.value * b.value
  const isZero = (a.value === 0 && !a.open) || (b.value === 0 && !b.open)
  return { value, open: (a.open || b.open) && !isZero && !isInfinity(a) && !isInfinity(b) }
}

const isInfinity = ({ value, open }: End): boolean => Math.abs(value) === Infinity && !open

export function multiply(a: Interval, b: Interval): Interval {
  const undefinedProduct = (holds(a, 0) && holdsInfinity(b)) || (holds(b, 0) && holdsInfinity(a))
  const [a0, a1, b0, b1] = [lowEnd(a), highEnd(a), lowEnd(b), highEnd(b)]
  const corners = [
    productCorner(a0, b0),
    productCorner(a0, b1),
    productCorner(a1, b0),
    productCorner(a1, b1),
  ]
  return hull(corners, a.nan || b.nan || undefinedProduct)
}

/** The corner of a quotient whose divisor keeps one sign; `sign` is that of the divisor. */
function quotientCorner(a: End, b: End, sign: number): End {
  const open = (a.open || b.open) && !isInfinity(a)
  if (a.value === 0) return { value: 0, open: a.open }
  if (b.value === 0) return { value: sign * Math.sign(a.value) * Infinity, open }
  if (Math.abs(b.value) !== Infinity) return { value: a.value / b.value, open }
  // Infinity over infinity lies between what the other corners give.
  return { value: 0, open: Math.abs(a.value) === Infinity || b.open }
}

export function divide(a: Interval, b: Interval): Interval {
  if (holds(b, 0) || (b.low < 0 && b.high > 0)) return anything
  const sign = b.low >= 0 ? 1 : -1
  const undefinedQuotient = holdsInfinity(a) && holdsInfinity(b)
  const [a0, a1, b0, b1] = [lowEnd(a), highEnd(a), lowEnd(b), highEnd(b)]
  const corners = [
    quotientCorner(a0, b0, sign),
    quotientCorner(a0, b1, sign),
    quotientCorner(a1, b0, sign),
    quotientCorner(a1, b1, sign),
  ]
  return hull(corners, a.nan || b.nan || undefinedQuotient)
}

export function reciprocal(x: Interval): Interval {
  return divide(exactly(1), x)
}

export function min(a: Interval, b: Interval): Interval {
  return negate(max(negate(a), negate(b)))
}

export function max(a: Interval, b: Interval): Interval {
  const larger = (x: End, y: End): End =>
    x.value === y.value ? { value: x.value, open: x.open && y.open } : x.value > y.value ? x : y
  const low = larger(lowEnd(a), lowEnd(b))
  const high = larger(highEnd(a), highEnd(b))
  // At equal low ends the result can only reach them when both arguments can.
  const lowOpen = a.low === b.low ? a.lowOpen || b.lowOpen : low.open
  return interval(low.value, high.value, { lowOpen, highOpen: high.open, nan: a.nan || b.nan })
}

/** A function defined from `least` on that never falls; NaN below. `atLeast` is its value there. */
export function increasingFrom(least: number, f: (x: number) => number): (x: Interval) => Interval {
  return (x) => {
    if (x.high < least) return { ...anything, nan: true }
    const inside = x.low >= least ? x : interval(least, x.high, { highOpen: x.highOpen })
    const result = increasing(f)(inside)
    return { ...result, nan: x.nan || x.low < least }
  }
}

const isInteger = (range: Interval): boolean =>
  range.low === range.high && Number.isInteger(range.low)

/** The corner of a power with a base of at least 0; indeterminate corners have the limit along the finite argument. */
function powerCorner(base: End, exponent: End): End {
  if (exponent.value === 0 && !exponent.open) return { value: 1, open: false }
  if (base.value === 1) return { value: 1, open: base.open }
  const value = base.value ** exponent.value
  const reached =
    (base.value === 0 && !base.open && exponent.value > 0) ||
    isInfinity(base) ||
    isInfinity(exponent)
  return { value: Number.isNaN(value) ? 1 : value, open: (base.open || exponent.open) && !reached }
}

export function power(base: Interval, exponent: Interval): Interval {
  if (isInteger(exponent))
    return {
      ...integerPower(base, exponent.low),
      nan: exponent.nan || (base.nan && exponent.low !== 0),
    }
  const nan = base.nan || exponent.nan
  if (base.low < 0) return anything
  const corners = ends(base).flatMap((x) => ends(exponent).map((y) => powerCorner(x, y)))
  const one = holds(exponent, 0) || holds(base, 1) ? [{ value: 1, open: false }] : []
  const pole = holds(base, 0) && exponent.low < 0 ? [{ value: Infinity, open: false }] : []
  return hull([...corners, ...one, ...pole], nan)
}

function integerPower(base: Interval, exponent: number): Interval {
  if (exponent === 0) return exactly(1)
  if (exponent < 0) return reciprocal(integerPower(base, -exponent))
  const raise = increasing((x: number) => x ** exponent)
  return exponent % 2 === 0 ? even(raise)(base) : raise(base)
}

/** Floored remainder: between 0 and the divisor. */
export function modulo(a: Interval, b: Interval): Interval {
  const nan = a.nan || b.nan || holds(b, 0) || holdsInfinity(a)
  const range = joinIntervals(exactly(0), joinIntervals(exactly(b.low), exactly(b.high)))
  // A divisor that is infinite leaves `a` as it is, or gives NaN.
  return holdsInfinity(b) ? { ...joinIntervals(range, a), nan: true } : { ...range, nan }
}

/** x limited to [low, high]. */
export function clamp(x: Interval, low: Interval, high: Interval): Interval {
  return min(max(x, low), high)
}

import { f32x4, f64x2, i32x4, madd, shuffle, v128 } from '../../../../wasm/operations.ts'
import type { Vector } from '../../../../wasm/tree.ts'

/**
 * Functions of four 32-bit floats that are worked out in 64 bits, two lanes at a time, and rounded once. So a polynomial
 * that is right to 2^-28 gives results half a unit off, subnormal arguments and results need no care, what would
 * overflow on the way in 32 bits does not, and a fused multiplication and addition can change a result only where it is
 * within some 2^-50 of the middle between two floats.
 */

const UPPER_HALF = [8, 9, 10, 11, 12, 13, 14, 15]
const LOWER_HALF = [0, 1, 2, 3, 4, 5, 6, 7]

/** The halves of four 32-bit floats as two pairs of 64-bit ones. */
export const toDoubles = (x: Vector): readonly [Vector, Vector] => [
  f64x2.promote_low_f32x4(x),
  f64x2.promote_low_f32x4(shuffle(x, x, [...UPPER_HALF, ...UPPER_HALF])),
]

/** Four 32-bit floats from two pairs of 64-bit ones. */
export const toFloats = (low: Vector, high: Vector): Vector =>
  shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), [
    ...LOWER_HALF,
    ...LOWER_HALF.map((place) => place + 16),
  ])

/** What `compute` gives for both halves. */
export function inDoubles(
  compute: (...halves: readonly Vector[]) => Vector,
  ...vectors: readonly Vector[]
): Vector {
  const halves = vectors.map(toDoubles)
  return toFloats(
    compute(...halves.map(([low]) => low)),
    compute(...halves.map(([, high]) => high)),
  )
}

/** A polynomial in 64 bits, the highest power first (Horner). */
export const polynomial = ([first, ...rest]: readonly number[], x: Vector): Vector =>
  rest.reduce<Vector>(
    (sum, coefficient) => madd.f64x2(sum, x, f64x2.constant(coefficient)),
    f64x2.constant(first!),
  )

const SIGN = i32x4.constant(-(2 ** 31))

/** The sign bits of 32-bit floats. */
export const signOf = (x: Vector): Vector => v128.and(x, SIGN)

/** Values that are not negative, with the signs of `x`, -0 among them. */
export const withSignOf = (x: Vector, size: Vector): Vector => v128.or(size, signOf(x))

/** The first where the mask is ones, the second elsewhere. */
export const choose = (mask: Vector, then: Vector, otherwise: Vector): Vector =>
  v128.bitselect(then, otherwise, mask)

/** 32-bit floats limited to [low, high]; a NaN stays. */
export const limited = (x: Vector, low: number, high: number): Vector =>
  f32x4.pmin(f32x4.pmax(x, f32x4.constant(low)), f32x4.constant(high))

/** `value` where `x`, in 32 bits, is below infinity; `x` where it is infinity or NaN. */
export const belowInfinity = (x: Vector, value: Vector): Vector =>
  choose(f32x4.lt(x, f32x4.constant(Infinity)), value, x)

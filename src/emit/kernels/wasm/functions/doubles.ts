import { f32x4, f64x2, i32, i64x2, madd, shuffle, v128 } from '../../../../wasm/operations.ts'
import type { Vector } from '../../../../wasm/tree.ts'

/** Four 32-bit floats in 64 bits, two lanes at a time, for what 32 bits are not enough for. */

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
export const polynomialInDoubles = ([first, ...rest]: readonly number[], x: Vector): Vector =>
  rest.reduce<Vector>(
    (sum, coefficient) => madd.f64x2(sum, x, f64x2.constant(coefficient)),
    f64x2.constant(first!),
  )

/** Adding it rounds a 64-bit float below 2^51 to a whole number, and leaves that in the lowest bits. */
export const ROUNDING_DOUBLES = 1.5 * 2 ** 52

const ONE_BITS = 0x3ff0000000000000n
/** Bits of the square root of 1/2. */
const ROOT_BITS = 0x3fe6a09e667f3bcdn
const MANTISSA_BITS = 0x000fffffffffffffn

/** A positive 64-bit float as 2^k m with m from sqrt(1/2) to sqrt(2). */
export function splitDoubles(x: Vector): { readonly k: Vector; readonly m: Vector } {
  const moved = i64x2.add(x, i64x2.constant(ONE_BITS - ROOT_BITS))
  const m = i64x2.add(v128.and(moved, i64x2.constant(MANTISSA_BITS)), i64x2.constant(ROOT_BITS))
  // The biased exponent as the mantissa of a float of 2^52.
  const biased = v128.or(i64x2.shr_u(moved, i32.constant(52)), f64x2.constant(2 ** 52))
  return { k: f64x2.sub(biased, f64x2.constant(2 ** 52 + 1023)), m }
}

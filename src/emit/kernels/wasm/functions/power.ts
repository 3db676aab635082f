import { f32x4, f64x2, i32, i64x2, madd, v128 } from '../../../../wasm/operations.ts'
import type { Vector } from '../../../../wasm/tree.ts'
import { inDoubles, polynomialInDoubles, ROUNDING_DOUBLES, splitDoubles } from './doubles.ts'
import { choose, constantOf, signOf } from './floats.ts'

/** (exp(r) - 1 - r) / r^2 for |r| <= log(2) / 2, relative error 2.9e-9, of which little arrives in the result. */
const EXPONENTIAL_REST = [
  0.00019890980869750327, 0.0013933641031986701, 0.008333310934448869, 0.04166646500604005,
  0.16666666681614256, 0.5000000013457727,
] as const

/** (2 artanh(s) - 2 s) / s^3 in powers of s^2, for 0 <= s^2 <= 0.0295, relative error 1.1e-11. */
const LOGARITHM_REST = [
  0.19362653714202008, 0.22191400830308503, 0.2857175453591449, 0.3999999879733759,
  0.6666666666737509,
] as const

const one = f64x2.constant(1)

/** 2^x in 64 bits, for |x| <= 1000. */
function exp2InDoubles(x: Vector): Vector {
  const shifted = f64x2.add(x, f64x2.constant(ROUNDING_DOUBLES))
  const n = f64x2.sub(shifted, f64x2.constant(ROUNDING_DOUBLES))
  const r = f64x2.mul(f64x2.sub(x, n), f64x2.constant(Math.LN2))
  const rest = madd.f64x2(f64x2.mul(r, r), polynomialInDoubles(EXPONENTIAL_REST, r), r)
  // A NaN stays one, since the lowest bits of a NaN that was a 32-bit float are 0.
  return i64x2.add(f64x2.add(rest, one), i64x2.shl(shifted, i32.constant(52)))
}

/** The binary logarithm in 64 bits with a relative error of 1e-12, for positive numbers. */
function log2InDoubles(x: Vector): Vector {
  const { k, m } = splitDoubles(x)
  const s = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one))
  const square = f64x2.mul(s, s)
  const series = polynomialInDoubles([...LOGARITHM_REST, 2], square)
  return madd.f64x2(f64x2.mul(s, series), f64x2.constant(Math.LOG2E), k)
}

/** Beyond it a power of 2 is 0 or infinite in 32 bits. */
const FAR = 200

/** size^exponent in 64 bits for numbers that are not negative; NaN where the exponent times the logarithm is. */
function powerInDoubles(size: Vector, exponent: Vector): Vector {
  const finite = choose(f64x2.lt(size, f64x2.constant(Infinity)), log2InDoubles(size), size)
  const logarithm = choose(f64x2.eq(size, f64x2.constant(0)), f64x2.constant(-Infinity), finite)
  const product = f64x2.mul(exponent, logarithm)
  const limited = f64x2.pmin(f64x2.pmax(product, f64x2.constant(-FAR)), f64x2.constant(FAR))
  return exp2InDoubles(limited)
}

const isWhole = (x: Vector): Vector => f32x4.eq(f32x4.trunc(x), x)

/** IEEE 754's pow, in 64 bits: the logarithm is multiplied by the exponent, and its errors are too. */
export const power = (base: Vector, exponent: Vector): Vector => {
  const count = smallWhole(exponent)
  if (count !== undefined) return inDoubles((half) => wholePower(half, count), base)
  const zero = f32x4.constant(0)
  const unit = f32x4.constant(1)
  const infinity = f32x4.constant(Infinity)
  const size = f32x4.abs(base)
  const value = inDoubles(powerInDoubles, size, exponent)
  // A whole number is odd where its half is not whole; an infinite one is even.
  const whole = isWhole(exponent)
  const odd = v128.andnot(whole, isWhole(f32x4.mul(exponent, f32x4.constant(0.5))))
  // -0 too gives its sign to an odd power.
  const sign = v128.and(signOf(base), odd)
  const isFiniteNegative = v128.and(f32x4.lt(base, zero), f32x4.lt(size, infinity))
  const undefinedThere = v128.andnot(isFiniteNegative, whole)
  const signed = v128.or(v128.xor(value, sign), undefinedThere)
  const isOne = v128.or(
    v128.or(f32x4.eq(exponent, zero), f32x4.eq(base, unit)),
    v128.and(f32x4.eq(size, unit), f32x4.eq(f32x4.abs(exponent), infinity)),
  )
  return choose(isOne, unit, signed)
}

/** Up to this exponent the product of as many factors is faster than the power. */
const MOST_FACTORS = 8

/** The exponent, where it is a constant that is a small whole number other than 0. */
function smallWhole(exponent: Vector): number | undefined {
  const count = constantOf(exponent)
  if (count === undefined || !Number.isInteger(count)) return undefined
  return count !== 0 && Math.abs(count) <= MOST_FACTORS ? count : undefined
}

/** x^count in 64 bits. A product that leaves their range has left that of 32 bits before. */
function wholePower(x: Vector, count: number): Vector {
  if (count < 0) return f64x2.div(one, wholePower(x, -count))
  if (count === 1) return x
  const root = wholePower(x, Math.floor(count / 2))
  const square = f64x2.mul(root, root)
  return count % 2 === 0 ? square : f64x2.mul(square, x)
}

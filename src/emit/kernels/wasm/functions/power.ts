import { f32x4, f64x2, v128 } from '../../../../wasm/operations.ts'
import type { Vector } from '../../../../wasm/tree.ts'
import { choose, inDoubles, signOf } from './doubles.ts'
import { exp2InDoubles } from './exponential.ts'
import { log2InDoubles } from './logarithm.ts'

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

/** IEEE 754's pow. */
export const power = (base: Vector, exponent: Vector): Vector => {
  const zero = f32x4.constant(0)
  const one = f32x4.constant(1)
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
    v128.or(f32x4.eq(exponent, zero), f32x4.eq(base, one)),
    v128.and(f32x4.eq(size, one), f32x4.eq(f32x4.abs(exponent), infinity)),
  )
  return choose(isOne, one, signed)
}

import { conditional } from '../../../../wasm/control.ts'
import { f32x4, i32, i32x4, madd, v128 } from '../../../../wasm/operations.ts'
import type { Vector } from '../../../../wasm/tree.ts'

/**
 * Functions of four 32-bit floats that are worked out in 32 bits. Their steps are arranged so that what is rounded is small beside the
 * result; how far each may be off, with and without fused multiplication and addition, is in the table of
 * `test/emit/kernels/wasm/expected.ts`. Arguments and results may be subnormal.
 */

/**
 * A polynomial in 32 bits, the highest power first, by halves that do not wait for each other (Estrin, 1960): what takes
 * long in a loop over elements is not the number of its steps but the chain of them. The constant is added last, so that it
 * is rounded once.
 */
export function polynomial(coefficients: readonly number[], x: Vector): Vector {
  const [constant, ...others] = coefficients.map(f32x4.constant).reverse() as [Vector, ...Vector[]]
  let terms: readonly Vector[] = others
  for (let power = x; terms.length > 1; power = f32x4.mul(power, power)) {
    const base = power
    terms = terms.flatMap((low, index) => {
      const high = terms[index + 1]
      if (index % 2 === 1) return []
      return [high === undefined ? low : madd.f32x4(high, base, low)]
    })
  }
  return madd.f32x4(terms[0]!, x, constant)
}

const SIGN = i32x4.constant(-(2 ** 31))

/** The sign bits of 32-bit floats. */
export const signOf = (x: Vector): Vector => v128.and(x, SIGN)

/** Values that are not negative, with the signs of `x`, -0 among them. */
export const withSignOf = (x: Vector, size: Vector): Vector => v128.or(size, signOf(x))

/** -|x|. */
export const below0 = (x: Vector): Vector => v128.or(x, SIGN)

/** The first where the mask is ones, the second elsewhere. */
export const choose = (mask: Vector, then: Vector, otherwise: Vector): Vector =>
  v128.bitselect(then, otherwise, mask)

/** Floats that are at least `low`; a NaN stays. */
export const atLeast = (x: Vector, low: number): Vector => f32x4.pmax(x, f32x4.constant(low))

/** Floats that are at most `high`; a NaN stays. */
export const atMost = (x: Vector, high: number): Vector => f32x4.pmin(x, f32x4.constant(high))

/** `value` where `x` is below infinity; `x` where it is infinity or NaN. */
export const belowInfinity = (x: Vector, value: Vector): Vector =>
  choose(f32x4.lt(x, f32x4.constant(Infinity)), value, x)

/** t + t^3 times a polynomial in t^2. */
export function oddSeries(rest: readonly number[], t: Vector): Vector {
  const square = f32x4.mul(t, t)
  return madd.f32x4(f32x4.mul(t, square), polynomial(rest, square), t)
}

/** `near` where the size is at most 1, `far` above it and for NaN: what sizes above 1 need is left out where none is. */
export function upTo1(size: Vector, near: Vector, far: Vector): Vector {
  const isNear = f32x4.le(size, f32x4.constant(1))
  const ofFar = conditional(v128.any_true(v128.not(isNear)), far, f32x4.constant(0))
  return choose(isNear, near, ofFar)
}

/** The number that a vector has in all lanes, where it is a constant. */
export function constantOf(x: Vector): number | undefined {
  if (x.kind !== 'constant') return undefined
  const [first, ...others] = new Float32Array(x.bytes.slice().buffer)
  return others.every((lane) => Object.is(lane, first)) ? first : undefined
}

/**
 * The smaller of two floats, NaN if either is: in one instruction in the place of several where one is a constant of which
 * the other can be no zero of the other sign.
 */
export function smaller(a: Vector, b: Vector): Vector {
  const isPlain = (value = NaN): boolean => value < 0 || value > 0 || Object.is(value, 0)
  if (isPlain(constantOf(b))) return f32x4.pmin(a, b)
  return isPlain(constantOf(a)) ? f32x4.pmin(b, a) : f32x4.min(a, b)
}

/** The larger of two floats, as `smaller`. */
export function larger(a: Vector, b: Vector): Vector {
  const isPlain = (value = NaN): boolean => value < 0 || value > 0 || Object.is(value, -0)
  if (isPlain(constantOf(b))) return f32x4.pmax(a, b)
  return isPlain(constantOf(a)) ? f32x4.pmax(b, a) : f32x4.max(a, b)
}

/** Adding it rounds a float below 2^22 to a whole number, and leaves that in the lowest bits. */
export const ROUNDING = 1.5 * 2 ** 23

/** The bits of an exponent in a 32-bit float. */
export const EXPONENT_SHIFT = i32.constant(23)

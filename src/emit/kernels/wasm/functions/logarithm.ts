import { f32x4, i32x4, madd, v128 } from '../../../../wasm/operations.ts'
import type { Vector } from '../../../../wasm/tree.ts'
import { fadeOf, LN2_HIGH, LN2_LOW } from './exponential.ts'
import {
  atLeast,
  belowInfinity,
  choose,
  oddSeries,
  polynomial,
  upTo1,
  withSignOf,
} from './floats.ts'

/** (2 artanh(s) - 2 s) / s^3 in powers of s^2, for 0 <= s^2 <= 0.0295; of its relative error of 3e-7 1 % arrives. */
const REST = [0.295852274, 0.399885833, 0.666666865] as const

/** The same for s^2 up to 1/9, with a relative error of 2.9e-8, of which 4 % arrive. */
const WIDE_REST = [0.23478654, 0.216431439, 0.285976261, 0.399995446, 0.666666687] as const

const one = f32x4.constant(1)
const half = f32x4.constant(0.5)
const zero = f32x4.constant(0)

/** Bits of 1, and of the square root of 1/2. */
const ONE_BITS = 0x3f800000
const ROOT_BITS = 0x3f3504f3
const EXPONENT_UNIT = 2 ** 23
const EXPONENT_BITS = i32x4.constant(-EXPONENT_UNIT)

/** For a positive float x that is not subnormal 2^23 k, as an integer, so that 2^-k x is from sqrt(1/2) to sqrt(2). */
const exponentOf = (x: Vector): Vector =>
  v128.and(i32x4.sub(x, i32x4.constant(ROOT_BITS)), EXPONENT_BITS)

/** log(1 + f) as f - `less`: what is taken off is small beside f, and so are its errors. */
function takenOff(f: Vector, rest: readonly number[], more?: Vector): Vector {
  const s = f32x4.div(f, f32x4.add(f, f32x4.constant(2)))
  const square = f32x4.mul(s, s)
  const hump = f32x4.mul(f32x4.mul(half, f), f)
  const series = madd.f32x4(square, polynomial(rest, square), hump)
  const left = more === undefined ? f32x4.mul(s, series) : madd.f32x4(s, series, more)
  return f32x4.sub(hump, left)
}

/** k log(2) + log(1 + f), for 2^23 k as a float and 1 + f from sqrt(1/2) to sqrt(2). */
function logOfParts(k: Vector, f: Vector): Vector {
  const low = f32x4.mul(k, f32x4.constant(LN2_LOW / EXPONENT_UNIT))
  const near = f32x4.sub(f, takenOff(f, REST, low))
  return madd.f32x4(k, f32x4.constant(LN2_HIGH / EXPONENT_UNIT), near)
}

/** The logarithm `value` of `x` with what it is at 0, infinity and NaN and below 0. */
function withCorners(x: Vector, value: Vector): Vector {
  const above = choose(f32x4.eq(x, zero), f32x4.constant(-Infinity), belowInfinity(x, value))
  return v128.or(above, f32x4.lt(x, zero))
}

const LEAST_NORMAL = 2 ** -126
/** By how many powers of 2 a subnormal float is raised. */
const RAISED = 24

/** log(x); -infinity at 0, NaN below. */
export const logarithm = (x: Vector): Vector => {
  const isSubnormal = f32x4.lt(x, f32x4.constant(LEAST_NORMAL))
  const raised = choose(isSubnormal, f32x4.mul(x, f32x4.constant(2 ** RAISED)), x)
  const exponent = exponentOf(raised)
  const less = v128.and(isSubnormal, f32x4.constant(RAISED * EXPONENT_UNIT))
  const k = f32x4.sub(f32x4.convert_i32x4_s(exponent), less)
  return withCorners(x, logOfParts(k, f32x4.sub(i32x4.sub(raised, exponent), one)))
}

/** 2^(2 - k) for the integer 2^23 k: 2^-k may be subnormal. */
const inversePower = (exponent: Vector): Vector =>
  i32x4.sub(i32x4.constant(ONE_BITS + 2 * EXPONENT_UNIT), exponent)

const quarter = f32x4.constant(0.25)

/** log(1 + x); -infinity at -1, NaN below. */
export const logarithmOf1Plus = (x: Vector): Vector => {
  const sum = f32x4.add(x, one)
  const exponent = exponentOf(sum)
  const power = inversePower(exponent)
  // Of the sum, which is rounded, 1 can no longer be taken off.
  const less1 = f32x4.sub(f32x4.mul(power, quarter), one)
  const f = madd.f32x4(f32x4.mul(power, x), quarter, less1)
  const value = logOfParts(f32x4.convert_i32x4_s(exponent), f)
  return withSignOf(x, withCorners(sum, value))
}

/** What is added to sizes whose logarithm is taken. */
const GUARD = 1e-7

/** log(|x| + 1e-7). */
export const logarithmOfSize = (x: Vector): Vector => {
  const size = f32x4.abs(x)
  const exponent = exponentOf(f32x4.add(size, f32x4.constant(GUARD)))
  const power = inversePower(exponent)
  const less1 = madd.f32x4(f32x4.mul(power, size), quarter, f32x4.constant(-1))
  const f = madd.f32x4(power, f32x4.constant(GUARD / 4), less1)
  const value = logOfParts(f32x4.convert_i32x4_s(exponent), f)
  return belowInfinity(size, value)
}

/** (asinh(t) - t) / t^3 in powers of t^2, for |t| <= 1, relative error 5.5e-8, of which an eighth arrives. */
const ASINH_REST = [
  -0.000486077566, 0.00282822899, -0.00780339027, 0.0143480171, -0.0214222297, 0.0302007422,
  -0.0446242094, 0.0749991611, -0.166666657,
] as const

/** From it on asinh(x) is log(2 x) in 32 bits, and the square of x soon is above all floats. */
const LARGE = 2 ** 60

/** asinh(x), above 1 as log(|x| + sqrt(1 + x^2)). */
export const inverseHyperbolicSine = (x: Vector): Vector => {
  const size = f32x4.abs(x)
  const sum = f32x4.add(size, f32x4.sqrt(madd.f32x4(size, size, one)))
  const isLarge = f32x4.ge(size, f32x4.constant(LARGE))
  const argument = choose(isLarge, size, sum)
  const exponent = exponentOf(argument)
  const twice = v128.and(isLarge, f32x4.constant(EXPONENT_UNIT))
  const k = f32x4.add(f32x4.convert_i32x4_s(exponent), twice)
  const value = logOfParts(k, f32x4.sub(i32x4.sub(argument, exponent), one))
  return withSignOf(x, upTo1(size, oddSeries(ASINH_REST, size), belowInfinity(size, value)))
}

/** max(x, 0) + log1p(z) for z from 0 to 1. */
const softMaximum = (x: Vector, z: Vector): Vector =>
  f32x4.add(atLeast(x, 0), f32x4.sub(z, takenOff(z, WIDE_REST)))

/** log(1 + exp(x)). */
export const softPlus = (x: Vector): Vector => softMaximum(x, fadeOf(x))

/** log(1 + exp(x) + 1e-7): where the exponential is taken out of the logarithm, it divides 1e-7 too. */
export const softPlusGuarded = (x: Vector): Vector => {
  const fade = fadeOf(x)
  const divided = choose(f32x4.gt(x, zero), fade, one)
  return softMaximum(x, madd.f32x4(divided, f32x4.constant(GUARD), fade))
}

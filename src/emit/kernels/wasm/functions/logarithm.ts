import { f32x4, f64x2, i32, i64x2, madd, v128 } from '../../../../wasm/operations.ts'
import type { Vector } from '../../../../wasm/tree.ts'
import { belowInfinity, choose, inDoubles, limited, polynomial, withSignOf } from './doubles.ts'
import { fadeInDoubles } from './exponential.ts'

/** (2 artanh(s) - 2 s) / s^3 in powers of s^2, for 0 <= s^2 <= 0.0295; of its relative error of 2.8e-7 1 % arrives. */
const REST = [0.2957994939197279, 0.3998878056602198, 0.6666668503957586] as const

/** The same with a relative error of 1.1e-11. */
const FINE_REST = [
  0.19362653714202008, 0.22191400830308503, 0.2857175453591449, 0.3999999879733759,
  0.6666666666737509,
] as const

/** The same for s^2 up to 1/9, with a relative error of 1e-8, of which 4 % arrive. */
const WIDE_REST = [
  0.2322432922402335, 0.21706575800880373, 0.28592357994302836, 0.3999970633192972,
  0.6666666732052742,
] as const

const ONE_BITS = 0x3ff0000000000000n
/** Bits of the square root of 1/2. */
const ROOT_BITS = 0x3fe6a09e667f3bcdn
const MANTISSA_BITS = 0x000fffffffffffffn

/** A positive 64-bit float as 2^k m with m from sqrt(1/2) to sqrt(2). */
export function split(x: Vector): { readonly k: Vector; readonly m: Vector } {
  const moved = i64x2.add(x, i64x2.constant(ONE_BITS - ROOT_BITS))
  const m = i64x2.add(v128.and(moved, i64x2.constant(MANTISSA_BITS)), i64x2.constant(ROOT_BITS))
  // The biased exponent as the mantissa of a float of 2^52.
  const biased = v128.or(i64x2.shr_u(moved, i32.constant(52)), f64x2.constant(2 ** 52))
  return { k: f64x2.sub(biased, f64x2.constant(2 ** 52 + 1023)), m }
}

/** log(1 + f) as 2 artanh(s), for 1 + f from sqrt(1/2) to sqrt(2), or further with another `rest`. */
function logNear1(f: Vector, rest: readonly number[] = REST): Vector {
  const s = f64x2.div(f, f64x2.add(f, f64x2.constant(2)))
  const square = f64x2.mul(s, s)
  return f64x2.mul(s, madd.f64x2(square, polynomial(rest, square), f64x2.constant(2)))
}

const one = f64x2.constant(1)

/** log(x) in 64 bits, for positive numbers that are not subnormal in 64 bits. */
export function logInDoubles(x: Vector): Vector {
  const { k, m } = split(x)
  return madd.f64x2(k, f64x2.constant(Math.LN2), logNear1(f64x2.sub(m, one)))
}

/** The binary logarithm in 64 bits with a relative error of 1e-12, for positive numbers. */
export function log2InDoubles(x: Vector): Vector {
  const { k, m } = split(x)
  return madd.f64x2(logNear1(f64x2.sub(m, one), FINE_REST), f64x2.constant(Math.LOG2E), k)
}

/** log(1 + x) in 64 bits, for x > -1; 0 for -0. */
export function log1pInDoubles(x: Vector): Vector {
  const { k, m } = split(f64x2.add(x, one))
  // Where nothing is split off, m - 1 has lost digits of x.
  const f = choose(f64x2.eq(k, f64x2.constant(0)), x, f64x2.sub(m, one))
  return madd.f64x2(k, f64x2.constant(Math.LN2), logNear1(f))
}

/** The logarithm `value` of `x`, in 32 bits, with what it is at 0, infinity and NaN and below 0. */
function withCorners(x: Vector, value: Vector): Vector {
  const zero = f32x4.constant(0)
  const above = choose(f32x4.eq(x, zero), f32x4.constant(-Infinity), belowInfinity(x, value))
  return v128.or(above, f32x4.lt(x, zero))
}

/** log(x); -infinity at 0, NaN below. */
export const logarithm = (x: Vector): Vector => withCorners(x, inDoubles(logInDoubles, x))

/** log(1 + x); -infinity at -1, NaN below. */
export const logarithmOf1Plus = (x: Vector): Vector => {
  const value = inDoubles(log1pInDoubles, x)
  return withSignOf(x, withCorners(f32x4.add(x, f32x4.constant(1)), value))
}

/** log(|x| + 1e-7): the sum has digits enough in 64 bits, also where its logarithm is close to 0. */
export const logarithmOfSize = (x: Vector): Vector => {
  const size = f32x4.abs(x)
  const value = inDoubles((half) => logInDoubles(f64x2.add(half, f64x2.constant(1e-7))), size)
  return belowInfinity(size, value)
}

/** Below it asinh(x) is x - x^3 / 6, while log(x + sqrt(1 + x^2)) loses digits. */
const SMALL = 2 ** -12

/** asinh(x). */
export const inverseHyperbolicSine = (x: Vector): Vector => {
  const size = f32x4.abs(x)
  const value = inDoubles((half) => {
    const square = f64x2.mul(half, half)
    const root = f64x2.sqrt(f64x2.add(square, one))
    const small = f64x2.mul(half, madd.f64x2(square, f64x2.constant(-1 / 6), one))
    const isSmall = f64x2.lt(half, f64x2.constant(SMALL))
    return choose(isSmall, small, logInDoubles(f64x2.add(half, root)))
  }, size)
  return withSignOf(x, belowInfinity(size, value))
}

/** From it on both functions below are x in 32 bits; and below its negative what the exponential adds is nothing. */
const FAR = 150

/** max(x, 0) + log1p(of exp(-|x|)), which is at most 1. */
function softMaximum(x: Vector, rest: (x: Vector, fade: Vector) => Vector): Vector {
  const zero = f64x2.constant(0)
  const near = inDoubles(
    (half) =>
      f64x2.add(f64x2.pmax(half, zero), logNear1(rest(half, fadeInDoubles(half)), WIDE_REST)),
    limited(x, -FAR, FAR),
  )
  return choose(f32x4.lt(x, f32x4.constant(FAR)), near, x)
}

/** log(1 + exp(x)). */
export const softPlus = (x: Vector): Vector => softMaximum(x, (_, fade) => fade)

/** log(1 + exp(x) + 1e-7): where the exponential is taken out of the logarithm, it divides 1e-7 too. */
export const softPlusGuarded = (x: Vector): Vector =>
  softMaximum(x, (half, fade) =>
    madd.f64x2(choose(f64x2.gt(half, f64x2.constant(0)), fade, one), f64x2.constant(1e-7), fade),
  )

import { f32x4, i32, i32x4, madd, nmadd } from '../../../../wasm/operations.ts'
import type { Vector } from '../../../../wasm/tree.ts'
import {
  atLeast,
  atMost,
  below0,
  choose,
  oddSeries,
  upTo1,
  EXPONENT_SHIFT,
  polynomial,
  ROUNDING,
  withSignOf,
} from './floats.ts'

/** (exp(r) - 1 - r) / r^2 for |r| <= log(2) / 2, relative error 1.3e-7, of which at most a fifth arrives in the result. */
const REST = [0.00139062945, 0.00836309511, 0.0416667536, 0.166665778, 0.5] as const

/** log(2) in two parts, the first of 9 bits: its product with a whole number of 15 bits is exact. */
export const LN2_HIGH = 0.693359375
export const LN2_LOW = -0.00021219444005469058

/** exp(x) as 2^n (1 + rest). */
interface Parts {
  /** Has n, and what was asked to be added to it, in its lowest bits. */
  readonly shifted: Vector
  /** exp(r) - 1 for |r| <= log(2) / 2. */
  readonly rest: Vector
}

/** The parts of exp(x - less), |x| <= 150; `less` may be small only, and is 0 where it is left out. */
function parts(x: Vector, added: number, less?: Vector): Parts {
  const rounding = f32x4.constant(ROUNDING + added)
  const shifted = madd.f32x4(x, f32x4.constant(Math.LOG2E), rounding)
  const n = f32x4.sub(shifted, rounding)
  const high = nmadd.f32x4(n, f32x4.constant(LN2_HIGH), x)
  const r = nmadd.f32x4(n, f32x4.constant(LN2_LOW), high)
  const reduced = less === undefined ? r : f32x4.sub(r, less)
  const rest = madd.f32x4(f32x4.mul(reduced, reduced), polynomial(REST, reduced), reduced)
  return { shifted, rest }
}

/** The exponent of a 32-bit float of 1. */
const BIAS = 127

/** The float whose biased exponent stands in the lowest 8 bits. */
const powerOf2 = (biased: Vector): Vector => i32x4.shl(biased, EXPONENT_SHIFT)

const one = f32x4.constant(1)
const two = f32x4.constant(2)

/** Beyond these exp is 0 or infinite in 32 bits. */
const FAR = 150

/** Below it exp is 0 in 32 bits, and so are small multiples of it. */
const LEAST = -107

/** exp(x), the power of 2 as two factors, since it may be subnormal or above all floats. */
export const exponential = (x: Vector): Vector => {
  const { shifted, rest } = parts(atMost(atLeast(x, -FAR), FAR), 2 * BIAS)
  const half = i32x4.shr_u(shifted, i32.constant(1))
  const other = i32x4.sub(shifted, half)
  return f32x4.mul(f32x4.mul(f32x4.add(rest, one), powerOf2(half)), powerOf2(other))
}

/** exp(x) for -80 <= x <= 0. */
export const exponentialNear = (x: Vector): Vector => {
  const { shifted, rest } = parts(x, BIAS)
  return f32x4.mul(f32x4.add(rest, one), powerOf2(shifted))
}

/** What `raised` is above a number, so that the number may be subnormal. */
const RAISED = 64

/** 2^64 exp(x - less) times a moderate number, for -107 <= x <= 0 and small `less`. */
export const raisedExponential = (x: Vector, less?: Vector, times: Vector = one): Vector => {
  const { shifted, rest } = parts(x, BIAS + RAISED, less)
  return f32x4.mul(madd.f32x4(rest, times, times), powerOf2(shifted))
}

/** A number, or a small multiple of it, from 2^64 times the number. */
export const lowered = (raised: Vector, times = 1): Vector =>
  f32x4.mul(raised, f32x4.constant(times * 2 ** -RAISED))

/** 2^64 exp(-|x|). */
const raisedFade = (x: Vector): Vector => raisedExponential(atLeast(below0(x), LEAST))

/** exp(-|x|). */
export const fadeOf = (x: Vector): Vector => lowered(raisedFade(x))

/** Below it exp(x) - 1 is -1 in 32 bits. */
const FLAT = -18
/** From it on exp(x) - 1 is infinite in 32 bits. */
const STEEP = 89
/** Below it exp(x) - 1 is x in 32 bits. */
const TINY = 2 ** -25

/** exp(x) - 1: half of it, since 2^n may be above all floats. */
export const exponentialLess1 = (x: Vector): Vector => {
  const { shifted, rest } = parts(atMost(atLeast(x, FLAT), STEEP), BIAS - 1)
  const power = powerOf2(shifted)
  const half = madd.f32x4(power, rest, f32x4.sub(power, f32x4.constant(0.5)))
  const isTiny = f32x4.lt(f32x4.abs(x), f32x4.constant(TINY))
  return choose(isTiny, x, f32x4.add(half, half))
}

/** 1 / (1 + exp(-x)), from the exponential that cannot overflow. */
export const logistic = (x: Vector): Vector => {
  const fade = fadeOf(x)
  const isNegative = f32x4.lt(x, f32x4.constant(0))
  return f32x4.div(choose(isNegative, fade, one), f32x4.add(one, fade))
}

/** times f / (1 + f)^2 for f = exp(-|x|). */
const hump = (x: Vector, times: number): Vector => {
  const raised = raisedFade(x)
  const fade = lowered(raised)
  return f32x4.div(lowered(raised, times), madd.f32x4(fade, f32x4.add(fade, two), one))
}

/** s (1 - s) for s = 1 / (1 + exp(-x)). */
export const logisticDerivative = (x: Vector): Vector => hump(x, 1)

/** 1 - tanh(x)^2, which is 4 s (1 - s) for s = 1 / (1 + exp(-2 x)). */
export const tangentDerivative = (x: Vector): Vector => hump(f32x4.add(x, x), 4)

/** Beyond it tanh is 1 in 32 bits. */
const TANH_FLAT = 10

/** (tanh(t) - t) / t^3 in powers of t^2, for |t| <= 1, relative error 6.8e-8, of which a third arrives. */
const TANH_REST = [
  -0.000418471725, 0.00250387099, -0.00821167324, 0.0216565169, -0.0539340265, 0.133331239,
  -0.333333313,
] as const

/** tanh(x), from 1 on as (1 - f) / (1 + f) for f = exp(-2 |x|). */
export const hyperbolicTangent = (x: Vector): Vector => {
  const size = f32x4.abs(x)
  const fade = exponentialNear(f32x4.mul(atMost(size, TANH_FLAT), f32x4.constant(-2)))
  const far = f32x4.div(f32x4.sub(one, fade), f32x4.add(one, fade))
  return withSignOf(x, upTo1(size, oddSeries(TANH_REST, size), far))
}

import { conditional } from '../../../../wasm/control.ts'
import { f32x4, i32x4, madd, v128 } from '../../../../wasm/operations.ts'
import type { Vector } from '../../../../wasm/tree.ts'
import { exponentialNear, lowered, raisedExponential } from './exponential.ts'
import { atMost, choose, polynomial, upTo1, withSignOf } from './floats.ts'

/** erf(x) / x - 1 in powers of x^2, for |x| <= 1, error 1.5e-9. */
const NEAR = [
  7.84228832e-5, -0.000800679321, 0.00518796267, -0.0268536434, 0.112835824, -0.37612626,
  0.128379166,
] as const

/** log(erfc(x)) / x for 1 <= x <= 4: exp(x times it) is 3e-8 off. */
const FAR = [
  -1.65160636e-5, 0.000372191367, -0.00382292597, 0.0240858383, -0.106526718, -0.635039687,
  -1.12865758,
] as const

/**
 * (1 + 2x) exp(x^2) erfc(x) in powers of x / (x + 2) - 1/2, for 0.5 <= x <= 10.2, relative error 1.6e-8 (after Shepherd
 * and Laframboise, 1981).
 */
const TAIL = [
  -0.344103932, 0.121911719, 0.557752669, -0.254377842, -0.867577076, 1.31234074, -0.66411978,
  -0.185527161, 1.27697837,
] as const

/** From it on erfc is 0 in 32 bits. */
const LAST = 10.2

/** From it on erf is 1 in 32 bits. */
const FLAT = 4

const one = f32x4.constant(1)
const two = f32x4.constant(2)

/** erf of a size up to 1. */
const erfNear0 = (size: Vector): Vector =>
  madd.f32x4(size, polynomial(NEAR, f32x4.mul(size, size)), size)

/** erf(x). */
export const errorFunction = (x: Vector): Vector => {
  const size = f32x4.abs(x)
  const limited = atMost(size, FLAT)
  const far = f32x4.sub(one, exponentialNear(f32x4.mul(limited, polynomial(FAR, limited))))
  return withSignOf(x, upTo1(size, erfNear0(size), far))
}

/** Keeps the upper 12 bits of a 32-bit float, whose square is exact. */
const HIGH_BITS = i32x4.constant(-(2 ** 12))

/** erfc of a size. The square of it has more digits than a float, and in the exponential they count. */
function erfcOfSize(size: Vector): Vector {
  const high = v128.and(size, HIGH_BITS)
  const rest = f32x4.mul(f32x4.sub(size, high), f32x4.add(size, high))
  const share = f32x4.div(size, f32x4.add(size, two))
  const scaled = polynomial(TAIL, f32x4.sub(share, f32x4.constant(0.5)))
  const tail = f32x4.div(scaled, madd.f32x4(size, two, one))
  return lowered(raisedExponential(f32x4.neg(f32x4.mul(high, high)), rest, tail))
}

/** Up to it 1 - erf(x) has all its digits. */
const MIDDLE = 0.5

/** erfc(x) = 1 - erf(x). What arguments above 1/2 need is left out where all are below. */
export const complementaryErrorFunction = (x: Vector): Vector => {
  const size = f32x4.abs(x)
  const isNear = f32x4.le(size, f32x4.constant(MIDDLE))
  const near = f32x4.sub(one, withSignOf(x, erfNear0(size)))
  const tail = erfcOfSize(atMost(size, LAST))
  const far = choose(f32x4.lt(x, f32x4.constant(0)), f32x4.sub(two, tail), tail)
  const ofFar = conditional(v128.any_true(v128.not(isNear)), far, f32x4.constant(0))
  return choose(isNear, near, ofFar)
}

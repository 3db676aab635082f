import { f32x4, f64x2, i32, i64x2, madd, nmadd } from '../../../../wasm/operations.ts'
import type { Vector } from '../../../../wasm/tree.ts'
import { inDoubles, limited, polynomial, withSignOf } from './doubles.ts'

/** (exp(r) - 1 - r) / r^2 for |r| <= log(2) / 2, relative error 2.9e-9, of which little arrives in the result. */
const REST = [
  0.00019890980869750327, 0.0013933641031986701, 0.008333310934448869, 0.04166646500604005,
  0.16666666681614256, 0.5000000013457727,
] as const

/** Adding it rounds a 64-bit float below 2^51 to a whole number, and leaves that in the lowest bits. */
export const ROUNDING = 1.5 * 2 ** 52

/** The bits of an exponent in a 64-bit float. */
const EXPONENT_SHIFT = i32.constant(52)

/** 2^n and exp(r) - 1 with exp(x) = 2^n exp(r). */
interface Parts {
  /** Has n in its lowest bits. */
  readonly shifted: Vector
  /** exp(r) - 1. */
  readonly rest: Vector
}

function parts(x: Vector): Parts {
  const shifted = madd.f64x2(x, f64x2.constant(Math.LOG2E), f64x2.constant(ROUNDING))
  const n = f64x2.sub(shifted, f64x2.constant(ROUNDING))
  return { shifted, rest: expm1Near0(nmadd.f64x2(n, f64x2.constant(Math.LN2), x)) }
}

/** exp(r) - 1 in 64 bits for |r| <= log(2) / 2. */
function expm1Near0(r: Vector): Vector {
  return madd.f64x2(f64x2.mul(r, r), polynomial(REST, r), r)
}

/** `x` times 2^n, n from the lowest bits of `shifted`; a NaN stays one, since those bits of a NaN are 0. */
const scaled = (x: Vector, shifted: Vector): Vector =>
  i64x2.add(x, i64x2.shl(shifted, EXPONENT_SHIFT))

/** exp(x) in 64 bits, for |x| <= 700. */
export function expInDoubles(x: Vector): Vector {
  const { shifted, rest } = parts(x)
  return scaled(f64x2.add(rest, f64x2.constant(1)), shifted)
}

/** exp(x) - 1 in 64 bits, for |x| <= 700; 0 for -0. */
export function expm1InDoubles(x: Vector): Vector {
  const { shifted, rest } = parts(x)
  const power = scaled(f64x2.constant(1), shifted)
  return madd.f64x2(power, rest, f64x2.sub(power, f64x2.constant(1)))
}

/** 2^x in 64 bits, for |x| <= 1000. */
export function exp2InDoubles(x: Vector): Vector {
  const shifted = f64x2.add(x, f64x2.constant(ROUNDING))
  const n = f64x2.sub(shifted, f64x2.constant(ROUNDING))
  const r = f64x2.mul(f64x2.sub(x, n), f64x2.constant(Math.LN2))
  return scaled(f64x2.add(expm1Near0(r), f64x2.constant(1)), shifted)
}

/** Beyond these exp is 0 or infinite in 32 bits, and in 64 bits far from either. */
const FAR = 150

const far = (x: Vector): Vector => limited(x, -FAR, FAR)

const one = f64x2.constant(1)

/** exp(-|x|) in 64 bits, for |x| <= 700. */
export const fadeInDoubles = (x: Vector): Vector => expInDoubles(f64x2.neg(f64x2.abs(x)))

/** fade / (1 + fade)^2 */
const hump = (fade: Vector): Vector => {
  const sum = f64x2.add(one, fade)
  return f64x2.div(fade, f64x2.mul(sum, sum))
}

/** exp(x). */
export const exponential = (x: Vector): Vector => inDoubles(expInDoubles, far(x))

/** exp(x) - 1, which has the sign of x. */
export const exponentialLess1 = (x: Vector): Vector =>
  withSignOf(x, inDoubles(expm1InDoubles, far(x)))

/** 1 / (1 + exp(-x)): in 64 bits the exponential of no 32-bit result overflows. */
export const logistic = (x: Vector): Vector =>
  inDoubles((half) => f64x2.div(one, f64x2.add(one, expInDoubles(f64x2.neg(half)))), far(x))

/** s (1 - s) for s = 1 / (1 + exp(-x)). */
export const logisticDerivative = (x: Vector): Vector =>
  inDoubles((half) => hump(fadeInDoubles(half)), far(x))

/** 1 - tanh(x)^2, which is 4 s (1 - s) for s = 1 / (1 + exp(-2 x)). */
export const tangentDerivative = (x: Vector): Vector =>
  inDoubles((half) => f64x2.mul(f64x2.constant(4), hump(fadeInDoubles(half))), far(f32x4.add(x, x)))

/** Beyond it tanh is 1 in 32 bits. */
const TANH_FLAT = 10

/** tanh(x) as expm1(2 x) / (expm1(2 x) + 2). */
export const hyperbolicTangent = (x: Vector): Vector => {
  const size = inDoubles(
    (half) => {
      const rest = expm1InDoubles(f64x2.add(half, half))
      return f64x2.div(rest, f64x2.add(rest, f64x2.constant(2)))
    },
    limited(f32x4.abs(x), 0, TANH_FLAT),
  )
  return withSignOf(x, size)
}

import { conditional } from '../../../../wasm/control.ts'
import { expressionFunction } from '../../../../wasm/function.ts'
import { f32x4, f64x2, i32, i64x2, madd, nmadd, v128 } from '../../../../wasm/operations.ts'
import { call, type Vector } from '../../../../wasm/tree.ts'
import { choose, inDoubles, polynomial, withSignOf } from './doubles.ts'
import { ROUNDING } from './exponential.ts'

/** (atan(t) - t) / t^3 in powers of t^2, for |t| <= tan(pi / 8), relative error 4.7e-8, of which 5 % arrive. */
const ATAN_REST = [
  -0.06451928208121749, 0.10743731490791084, -0.1426395559798464, 0.19999540483648964,
  -0.3333333176116852,
] as const

/** (sin(r) - r) / r^3 in powers of r^2, for |r| <= pi / 4. */
const SINE_REST = [
  2.724992580305979e-6, -0.00019840086735384846, 0.008333331874710208, -0.1666666666385529,
] as const

/** (cos(r) - 1 + r^2 / 2) / r^4 in powers of r^2, for |r| <= pi / 4. */
const COSINE_REST = [2.4547942085071572e-5, -0.0013888303035894866, 0.04166666465950221] as const

const one = f64x2.constant(1)

/** tan(pi / 8) and tan(3 pi / 8). */
const LOW = Math.SQRT2 - 1
const HIGH = Math.SQRT2 + 1

/** atan(x) = offset + atan(t), with t = x, (x - 1) / (x + 1) or -1 / x, whichever is small (Moshier's Cephes library). */
export const arcTangent = (x: Vector): Vector => {
  const value = inDoubles((size) => {
    const isMiddle = f64x2.gt(size, f64x2.constant(LOW))
    const isHigh = f64x2.gt(size, f64x2.constant(HIGH))
    const upper = choose(isMiddle, f64x2.sub(size, one), size)
    const lower = choose(isMiddle, f64x2.add(size, one), one)
    const t = f64x2.div(choose(isHigh, f64x2.constant(-1), upper), choose(isHigh, size, lower))
    const offset = choose(
      isHigh,
      f64x2.constant(Math.PI / 2),
      v128.and(isMiddle, f64x2.constant(Math.PI / 4)),
    )
    const square = f64x2.mul(t, t)
    const rest = madd.f64x2(f64x2.mul(t, square), polynomial(ATAN_REST, square), t)
    return f64x2.add(offset, rest)
  }, f32x4.abs(x))
  return withSignOf(x, value)
}

/** An angle as `r` beside a multiple of pi / 2, which stands in the lowest bits of `quadrant`. */
interface Reduced {
  readonly r: Vector
  readonly quadrant: Vector
}

/** pi / 2 in two parts, the first of 33 bits: its product with a number of 20 bits is exact. */
const HALF_PI_HIGH = 1.5707963267341256
const HALF_PI_LOW = 6.077100506506192e-11

/** Below it the number of quarter turns has 20 bits. */
const LARGEST_NEAR = 2 ** 20

/** The reduction of angles below 2^20 (Cody and Waite, 1980). */
function reduceNear(x: Vector): Reduced {
  const quadrant = madd.f64x2(x, f64x2.constant(2 / Math.PI), f64x2.constant(ROUNDING))
  const n = f64x2.sub(quadrant, f64x2.constant(ROUNDING))
  const high = nmadd.f64x2(n, f64x2.constant(HALF_PI_HIGH), x)
  return { r: nmadd.f64x2(n, f64x2.constant(HALF_PI_LOW), high), quadrant }
}

/** 2 / pi in parts of 29 bits: their products with a 32-bit float are exact in 64 bits. */
const TWO_OVER_PI = twoOverPi()

/** The digits of 2 / pi behind the point, to the base 2^29; seven reach 2^-75 of a quarter turn for the largest float. */
function twoOverPi(): readonly number[] {
  const digits = [
    0x145f306d, 0x19391054, 0x14fe13ab, 0x1d1f534d, 0x1b81b6c5, 0x05664f10, 0x1c820ff2,
  ]
  return digits.map((digit, index) => digit * 2 ** (-29 * (index + 1)))
}

/**
 * The reduction of any angle (after Payne and Hanek, 1983): from each product whole turns are taken off at once, so that
 * what is left of their sum is small and has all its digits. NaN for what is not finite.
 */
function reduceFar(x: Vector): Reduced {
  const parts = TWO_OVER_PI.map((digit) => {
    const quarters = f64x2.mul(x, f64x2.constant(digit))
    const turns = f64x2.nearest(f64x2.mul(quarters, f64x2.constant(0.25)))
    return f64x2.sub(quarters, f64x2.mul(turns, f64x2.constant(4)))
  })
  const quadrant = f64x2.add(parts.reduce(f64x2.add), f64x2.constant(ROUNDING))
  const n = f64x2.sub(quadrant, f64x2.constant(ROUNDING))
  const [first, ...others] = parts as [Vector, ...Vector[]]
  const rest = others.reduce<Vector>(f64x2.add, f64x2.sub(first, n))
  return { r: f64x2.mul(rest, f64x2.constant(Math.PI / 2)), quadrant }
}

const sineNear0 = (r: Vector): Vector => {
  const square = f64x2.mul(r, r)
  // As a product, so that -0 stays.
  return f64x2.mul(r, madd.f64x2(square, polynomial(SINE_REST, square), one))
}

const cosineNear0 = (r: Vector): Vector => {
  const square = f64x2.mul(r, r)
  const rest = madd.f64x2(square, polynomial(COSINE_REST, square), f64x2.constant(-0.5))
  return madd.f64x2(square, rest, one)
}

const bits = i64x2.constant

/** The sine of an angle `ahead` quarter turns ahead of `x`. */
const sineOf =
  (reduce: (x: Vector) => Reduced, ahead: 0 | 1) =>
  (x: Vector): Vector => {
    const { r, quadrant } = reduce(x)
    const turned = ahead === 0 ? quadrant : i64x2.add(quadrant, bits(1n))
    const isCosine = i64x2.sub(bits(0n), v128.and(turned, bits(1n)))
    const size = choose(isCosine, cosineNear0(r), sineNear0(r))
    // The sign turns with every half turn.
    return v128.xor(size, i64x2.shl(v128.and(turned, bits(2n)), i32.constant(62)))
  }

/** Angles of which at least one is large are rare: what they need is a function that only they call. */
function trigonometric(ahead: 0 | 1): (x: Vector) => Vector {
  const far = expressionFunction(['v128'], 'v128', (x) => inDoubles(sineOf(reduceFar, ahead), x))
  return (x) => {
    const isNear = f32x4.lt(f32x4.abs(x), f32x4.constant(LARGEST_NEAR))
    return conditional(
      v128.any_true(v128.not(isNear)),
      call(far, x),
      inDoubles(sineOf(reduceNear, ahead), x),
    )
  }
}

/** sin(x) for angles of any size; NaN at the infinities. */
export const sine = trigonometric(0)

/** cos(x) for angles of any size; NaN at the infinities. */
export const cosine = trigonometric(1)

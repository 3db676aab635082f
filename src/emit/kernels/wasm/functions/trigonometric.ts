import { conditional } from '../../../../wasm/control.ts'
import { expressionFunction } from '../../../../wasm/function.ts'
import {
  f32x4,
  f64x2,
  i32,
  i32x4,
  lanes32,
  madd,
  nmadd,
  shuffle,
  v128,
} from '../../../../wasm/operations.ts'
import { call, type Vector } from '../../../../wasm/tree.ts'
import { ROUNDING_DOUBLES, toDoubles, toFloats } from './doubles.ts'
import { choose, oddSeries, polynomial, ROUNDING, upTo1, withSignOf } from './floats.ts'

/** (atan(t) - t) / t^3 in powers of t^2, for |t| <= 1, relative error 5.1e-8, of which a quarter arrives. */
const ATAN_REST = [
  -0.0023559602, 0.0133796493, -0.0356551185, 0.0623093657, -0.0864726305, 0.110310845,
  -0.142781839, 0.199997157, -0.333333313,
] as const

/** (sin(r) - r) / r^3 in powers of r^2, for |r| <= pi / 4, relative error 1.5e-7, of which a tenth arrives. */
const SINE_REST = [-0.000195835077, 0.00833271537, -0.166666642] as const

/** (cos(r) - 1 + r^2 / 2) / r^4 in powers of r^2, for |r| <= pi / 4. */
const COSINE_REST = [2.45437259e-5, -0.00138882711, 0.0416666642] as const

const one = f32x4.constant(1)

/** What pi / 2 is more than the 32-bit float. */
const HALF_PI_REST = Math.PI / 2 - Math.fround(Math.PI / 2)

/** atan(x), above 1 as pi / 2 - atan(1 / x). */
export const arcTangent = (x: Vector): Vector => {
  const size = f32x4.abs(x)
  const less = oddSeries(ATAN_REST, f32x4.div(one, size))
  const far = f32x4.add(f32x4.sub(f32x4.constant(Math.PI / 2), less), f32x4.constant(HALF_PI_REST))
  return withSignOf(x, upTo1(size, oddSeries(ATAN_REST, size), far))
}

/** An angle as `r` beside a multiple of pi / 2, which stands in the lowest bits of `quadrant`. */
interface Reduced {
  readonly r: Vector
  readonly quadrant: Vector
}

/** pi / 2 in three parts, the first two of 11 bits: their products with a number of 13 bits are exact. */
const HALF_PI = [1.5703125, 0.0004837512969970703, 7.549789954891882e-8] as const

/** Below it the number of quarter turns has 13 bits. */
const LARGEST_NEAR = 2 ** 13

/** The reduction of angles below 2^13 (Cody and Waite, 1980). */
function reduceNear(x: Vector): Reduced {
  const rounding = f32x4.constant(ROUNDING)
  const quadrant = madd.f32x4(x, f32x4.constant(2 / Math.PI), rounding)
  const n = f32x4.sub(quadrant, rounding)
  const r = HALF_PI.reduce<Vector>((rest, part) => nmadd.f32x4(n, f32x4.constant(part), rest), x)
  return { r, quadrant }
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
 * The reduction of any angle in 64 bits (after Payne and Hanek, 1983): from each product whole turns are taken off at once, so
 * that what is left of their sum is small and has all its digits. NaN for what is not finite.
 */
function reduceHalf(x: Vector): Reduced {
  const parts = TWO_OVER_PI.map((digit) => {
    const quarters = f64x2.mul(x, f64x2.constant(digit))
    const turns = f64x2.nearest(f64x2.mul(quarters, f64x2.constant(0.25)))
    return f64x2.sub(quarters, f64x2.mul(turns, f64x2.constant(4)))
  })
  const quadrant = f64x2.add(parts.reduce(f64x2.add), f64x2.constant(ROUNDING_DOUBLES))
  const n = f64x2.sub(quadrant, f64x2.constant(ROUNDING_DOUBLES))
  const [first, ...others] = parts as [Vector, ...Vector[]]
  const rest = others.reduce<Vector>(f64x2.add, f64x2.sub(first, n))
  return { r: f64x2.mul(rest, f64x2.constant(Math.PI / 2)), quadrant }
}

function reduceFar(x: Vector): Reduced {
  const [low, high] = toDoubles(x).map(reduceHalf) as [Reduced, Reduced]
  const quadrant = shuffle(low.quadrant, high.quadrant, lanes32(0, 2, 4, 6))
  return { r: toFloats(low.r, high.r), quadrant }
}

const sineNear0 = (r: Vector): Vector => {
  const square = f32x4.mul(r, r)
  // As a product, so that -0 stays.
  return f32x4.mul(r, madd.f32x4(square, polynomial(SINE_REST, square), one))
}

const cosineNear0 = (r: Vector): Vector => {
  const square = f32x4.mul(r, r)
  const rest = madd.f32x4(square, polynomial(COSINE_REST, square), f32x4.constant(-0.5))
  return madd.f32x4(square, rest, one)
}

const bits = i32x4.constant

/** The sine of an angle `ahead` quarter turns ahead. */
function sineOf({ r, quadrant }: Reduced, ahead: 0 | 1): Vector {
  const turned = ahead === 0 ? quadrant : i32x4.add(quadrant, bits(1))
  const isCosine = i32x4.sub(bits(0), v128.and(turned, bits(1)))
  const size = choose(isCosine, cosineNear0(r), sineNear0(r))
  // The sign turns with every half turn.
  return v128.xor(size, i32x4.shl(v128.and(turned, bits(2)), i32.constant(30)))
}

/** Angles of which at least one is large are rare: what they need is a function that only they call. */
function trigonometric(ahead: 0 | 1): (x: Vector) => Vector {
  const far = expressionFunction(['v128'], 'v128', (x) => sineOf(reduceFar(x), ahead))
  return (x) => {
    const isNear = f32x4.lt(f32x4.abs(x), f32x4.constant(LARGEST_NEAR))
    return conditional(v128.any_true(v128.not(isNear)), call(far, x), sineOf(reduceNear(x), ahead))
  }
}

/** sin(x) for angles of any size; NaN at the infinities. */
export const sine = trigonometric(0)

/** cos(x) for angles of any size; NaN at the infinities. */
export const cosine = trigonometric(1)

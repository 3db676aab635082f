import { conditional } from '../../../../wasm/control.ts'
import { f32x4, f64x2, v128 } from '../../../../wasm/operations.ts'
import type { Vector } from '../../../../wasm/tree.ts'
import { choose, inDoubles, limited, polynomial, withSignOf } from './doubles.ts'
import { expInDoubles } from './exponential.ts'

/** erf(x) / x in powers of x^2, for |x| <= 1, relative error 1.3e-9. */
const NEAR = [
  7.875875062685488e-5, -0.000801686428716587, 0.005189087423433974, -0.026854212010626412,
  0.11283594715160218, -0.37612626666720334, 1.1283791658483509,
] as const

/**
 * (1 + 2x) exp(x^2) erfc(x) in powers of (x - 3) / (x + 3), for 0 <= x <= 10.2, relative error 2.9e-9 (after Shepherd
 * and Laframboise, 1981).
 */
const TAIL = [
  -0.000276390255573552, -0.0007957492333968862, 0.001996375739503498, 0.0025788453605382,
  -0.02379134803150263, 0.06829336743322621, -0.11927247426820817, 0.1296466124297091,
  -0.04756228936930903, -0.13562114482806312, 1.2530080579001324,
] as const

/** From it on erfc is 0 in 32 bits. */
const LAST = 10.2

/** From it on erf is 1 in 32 bits. */
const FLAT = 4

const one = f64x2.constant(1)
const two = f64x2.constant(2)

/** erfc(x) in 64 bits, for 0 <= x <= 10.2. The square of a 32-bit float is exact. */
function erfcInDoubles(x: Vector): Vector {
  const t = f64x2.div(f64x2.sub(x, f64x2.constant(3)), f64x2.add(x, f64x2.constant(3)))
  const exponential = expInDoubles(f64x2.neg(f64x2.mul(x, x)))
  return f64x2.div(f64x2.mul(exponential, polynomial(TAIL, t)), f64x2.add(f64x2.add(x, x), one))
}

/** erf(x). What arguments from 1 on need is left out where all are below. */
export const errorFunction = (x: Vector): Vector => {
  const size = limited(f32x4.abs(x), 0, FLAT)
  const isFar = f32x4.ge(size, f32x4.constant(1))
  const near = inDoubles((half) => f64x2.mul(half, polynomial(NEAR, f64x2.mul(half, half))), size)
  const far = inDoubles((half) => f64x2.sub(one, erfcInDoubles(half)), size)
  const ofFar = conditional(v128.any_true(isFar), far, f32x4.constant(0))
  return withSignOf(x, choose(isFar, ofFar, near))
}

/** erfc(x) = 1 - erf(x). */
export const complementaryErrorFunction = (x: Vector): Vector =>
  inDoubles(
    (half) => {
      const tail = erfcInDoubles(f64x2.abs(half))
      return choose(f64x2.lt(half, f64x2.constant(0)), f64x2.sub(two, tail), tail)
    },
    limited(x, -LAST, LAST),
  )

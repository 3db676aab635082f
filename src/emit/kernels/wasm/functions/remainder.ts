import { giveBack, whileTrue } from '../../../../wasm/control.ts'
import { makeFunction } from '../../../../wasm/function.ts'
import { f32x4, f64x2, i64x2, v128 } from '../../../../wasm/operations.ts'
import { call, get, sequence, set, type Vector, type VectorLocal } from '../../../../wasm/tree.ts'
import { toDoubles, toFloats } from './doubles.ts'
import { choose, withSignOf } from './floats.ts'

/** Keeps the highest 27 bits of a 64-bit float, whose product with a 32-bit float is then exact. */
const HIGH_BITS = i64x2.constant(-(1n << 26n))

/** Where the rest is not below the divisor; nowhere where either is NaN. */
const isLeft = (rest: Vector, divisor: Vector): Vector =>
  f64x2.ge(f64x2.abs(rest), f64x2.abs(divisor))

/**
 * Takes from the rest as many divisors as 27 bits of the quotient say. Exact: the difference is smaller by those bits and has
 * no digit below those of its terms. A quotient rounded up leaves a rest of the other sign.
 */
function reduce(rest: VectorLocal, divisor: Vector): Vector {
  const quotient = f64x2.trunc(f64x2.div(get(rest), divisor))
  const taken = f64x2.mul(v128.and(quotient, HIGH_BITS), divisor)
  return choose(isLeft(get(rest), divisor), f64x2.sub(get(rest), taken), get(rest))
}

/** The rest with the sign of the divisor, once it is below it. */
const floored = (rest: Vector, divisor: Vector): Vector => {
  const zero = f64x2.constant(0)
  const differs = v128.xor(f64x2.lt(rest, zero), f64x2.lt(divisor, zero))
  return choose(v128.andnot(differs, f64x2.eq(rest, zero)), f64x2.add(rest, divisor), rest)
}

/** Of a quotient of two 32-bit floats a turn takes 27 of its up to 278 bits. */
const remainder = makeFunction(['v128', 'v128'], 'v128', (scope, a, b) => {
  const [low, high, lowDivisor, highDivisor] = scope.locals('v128', 4) as [
    VectorLocal,
    VectorLocal,
    VectorLocal,
    VectorLocal,
  ]
  const [aLow, aHigh] = toDoubles(get(a))
  const [bLow, bHigh] = toDoubles(get(b))
  const left = v128.or(isLeft(get(low), get(lowDivisor)), isLeft(get(high), get(highDivisor)))
  const result = toFloats(floored(get(low), get(lowDivisor)), floored(get(high), get(highDivisor)))
  // A rest of 0 has the sign of the divisor; a NaN as divisor stays.
  const signed = choose(
    f32x4.eq(result, f32x4.constant(0)),
    withSignOf(get(b), f32x4.constant(0)),
    result,
  )
  return sequence(
    set(low, aLow),
    set(high, aHigh),
    set(lowDivisor, bLow),
    set(highDivisor, bHigh),
    whileTrue(
      v128.any_true(left),
      sequence(set(low, reduce(low, get(lowDivisor))), set(high, reduce(high, get(highDivisor)))),
    ),
    giveBack(choose(f32x4.eq(get(b), get(b)), signed, get(b))),
  )
})

/** The remainder of a floored division, exact. */
export const flooredRemainder = (a: Vector, b: Vector): Vector => call(remainder, a, b)

import { conditional } from '../../../../wasm/control.ts'
import { f32x4, f64x2, i32, i32x4, lanes32, shuffle, v128 } from '../../../../wasm/operations.ts'
import type { Vector } from '../../../../wasm/tree.ts'
import {
  CENTRE,
  CENTRE_DIVISOR,
  LAST_POWER,
  TAIL,
  TAIL_DIVISOR,
} from '../../../../operators/special/normal-quantile.ts'
import { splitDoubles, toFloats } from './doubles.ts'
import { choose } from './floats.ts'

const PARITY = 0x1bd11bda

const rotated = (x: Vector, count: number): Vector =>
  v128.or(i32x4.shl(x, i32.constant(count)), i32x4.shr_u(x, i32.constant(32 - count)))

const ROTATIONS = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const

/**
 * The first words of Threefry-2x32-20 (Salmon and others, SC 2011) for the key (`high`, `low`) and the counters (`first`,
 * `second`), lane by lane.
 */
export function threefry(high: Vector, low: Vector, first: Vector, second: Vector): Vector {
  const keys = [high, low, v128.xor(v128.xor(high, low), i32x4.constant(PARITY))]
  let a: Vector = i32x4.add(first, high)
  let b: Vector = i32x4.add(second, low)
  for (let group = 0; group < 5; group++) {
    for (const count of ROTATIONS[group % 2]!) {
      a = i32x4.add(a, b)
      b = v128.xor(rotated(b, count), a)
    }
    a = i32x4.add(a, keys[(group + 1) % 3]!)
    b = i32x4.add(i32x4.add(b, keys[(group + 2) % 3]!), i32x4.constant(group + 1))
  }
  return a
}

/** The uniform numbers in [0, 1) that the upper 24 bits of words are. */
export const uniformOfWords = (words: Vector): Vector =>
  f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(words, i32.constant(8))), f32x4.constant(2 ** -24))

/** In 64 bits and rounded after every operation, as in every language, so never fused. */
const exactPolynomial = ([first, ...rest]: readonly number[], x: Vector): Vector =>
  rest.reduce<Vector>(
    (sum, coefficient) => f64x2.add(f64x2.mul(sum, x), f64x2.constant(coefficient)),
    f64x2.constant(first!),
  )

const one = f64x2.constant(1)

/** -log((word + 0.5) / 2^32) for whole numbers below 2^31, step for step as `normalQuantile` takes it. */
function tailLogarithm(word: Vector): Vector {
  const { k, m } = splitDoubles(f64x2.add(f64x2.add(word, word), one))
  const s = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one))
  let sum: Vector = f64x2.constant(1 / LAST_POWER)
  for (let power = LAST_POWER - 2; power > 0; power -= 2)
    sum = f64x2.add(f64x2.mul(f64x2.mul(sum, s), s), f64x2.constant(1 / power))
  return f64x2.sub(
    f64x2.mul(f64x2.sub(f64x2.constant(33), k), f64x2.constant(Math.LN2)),
    f64x2.mul(f64x2.add(s, s), sum),
  )
}

/** The standard normal number of a 32-bit word that is a 64-bit float, equal to the bit to `normalQuantile` once rounded. */
function normalInDoubles(word: Vector): Vector {
  const half = f64x2.constant(0.5)
  const q = f64x2.sub(f64x2.mul(f64x2.add(word, half), f64x2.constant(2 ** -32)), half)
  const inner = f64x2.sub(f64x2.constant(0.180625), f64x2.mul(q, q))
  const centre = f64x2.div(
    f64x2.mul(q, exactPolynomial(CENTRE, inner)),
    exactPolynomial(CENTRE_DIVISOR, inner),
  )
  const isLow = f64x2.lt(q, f64x2.constant(0))
  const tailWord = choose(isLow, word, f64x2.sub(f64x2.constant(2 ** 32 - 1), word))
  const outer = f64x2.sub(f64x2.sqrt(tailLogarithm(tailWord)), f64x2.constant(1.6))
  const size = f64x2.div(exactPolynomial(TAIL, outer), exactPolynomial(TAIL_DIVISOR, outer))
  const isCentre = f64x2.le(f64x2.abs(q), f64x2.constant(0.425))
  const tail = choose(isLow, f64x2.neg(size), size)
  // Seven of ten pairs have both numbers in the centre.
  const ofTail = conditional(v128.any_true(v128.not(isCentre)), tail, f64x2.constant(0))
  return choose(isCentre, centre, ofTail)
}

/** The standard normal numbers of words. */
export const normalOfWords = (words: Vector): Vector => {
  const [low, high] = [words, shuffle(words, words, lanes32(2, 3, 2, 3))]
  return toFloats(
    normalInDoubles(f64x2.convert_low_i32x4_u(low)),
    normalInDoubles(f64x2.convert_low_i32x4_u(high)),
  )
}

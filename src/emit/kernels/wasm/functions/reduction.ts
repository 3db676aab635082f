import type { FunctionScope } from '../../../../wasm/function.ts'
import { f32x4, f64x2, i32x4, lanes32, shuffle } from '../../../../wasm/operations.ts'
import {
  get,
  sequence,
  set,
  type Expression,
  type Integer,
  type Statement,
  type Vector,
} from '../../../../wasm/tree.ts'
import { toDoubles, toFloats } from './doubles.ts'

/** What is accumulated over vectors of elements, in locals of a function. */
export interface Accumulation {
  /** Begins anew, without elements. */
  readonly clear: Statement
  /** Takes four elements of each argument, or 0 in the place of an element. */
  readonly add: (...arguments_: Vector[]) => Statement
  /** The 32-bit float of all elements, `count` of them. */
  readonly total: (count: Integer) => Expression<'f32'>
  /** The four 32-bit floats of the elements of each lane, `count` in each. */
  readonly lanes: (count: Integer) => Vector
}

/** A reduction: makes its locals. */
export type Reducer = (scope: FunctionScope) => Accumulation

/** The last two of four lanes in the place of the first two. */
const upper = (x: Vector): Vector => shuffle(x, x, lanes32(2, 3, 2, 3))

/**
 * Sums of terms in 64 bits, in which neither the square nor the product of 32-bit floats is rounded, overflows or vanishes;
 * `finish` turns a sum over `count` elements into the result.
 */
const sumOf =
  (
    term: (...halves: readonly Vector[]) => Vector,
    finish: (sum: Vector, count: Vector) => Vector,
  ): Reducer =>
  (scope) => {
    const low = scope.local('v128')
    const high = scope.local('v128')
    const inDoubles = (count: Integer): Vector => f64x2.convert_low_i32x4_u(i32x4.splat(count))
    return {
      clear: sequence(set(low, f64x2.constant(0)), set(high, f64x2.constant(0))),
      add: (...arguments_) => {
        const halves = arguments_.map(toDoubles)
        return sequence(
          set(low, f64x2.add(get(low), term(...halves.map(([half]) => half)))),
          set(high, f64x2.add(get(high), term(...halves.map(([, half]) => half)))),
        )
      },
      total: (count) => {
        const both = f64x2.add(get(low), get(high))
        const sum = f64x2.add(both, upper(both))
        return f32x4.extract_lane(f32x4.demote_f64x2_zero(finish(sum, inDoubles(count))), 0)
      },
      lanes: (count) =>
        toFloats(finish(get(low), inDoubles(count)), finish(get(high), inDoubles(count))),
    }
  }

const itself = (sum: Vector): Vector => sum

/** The sum of x. */
export const sum = sumOf((x) => x!, itself)

/** The mean of x. */
export const mean = sumOf((x) => x!, f64x2.div)

/** The root of the sum of the squares of x. */
export const euclideanNorm = sumOf((x) => f64x2.mul(x!, x!), f64x2.sqrt)

/** The sum of the products of a and b. */
export const scalarProduct = sumOf((a, b) => f64x2.mul(a!, b!), itself)

/** Sizes of floats have the order of their bits, with NaN above all numbers. */
export const largestSize: Reducer = (scope) => {
  const largest = scope.local('v128')
  return {
    clear: set(largest, i32x4.constant(0)),
    add: (x) => set(largest, i32x4.max_u(get(largest), f32x4.abs(x!))),
    total: () => {
      const two = i32x4.max_u(get(largest), upper(get(largest)))
      return f32x4.extract_lane(i32x4.max_u(two, shuffle(two, two, lanes32(1, 0, 3, 2))), 0)
    },
    lanes: () => get(largest),
  }
}

import { whileFits } from '../../../wasm/control.ts'
import type { FunctionScope } from '../../../wasm/function.ts'
import { f32, f32x4, i32, i32x4, v128 } from '../../../wasm/operations.ts'
import {
  get,
  sequence,
  type Integer,
  type IntegerLocal,
  type Statement,
  type Vector,
} from '../../../wasm/tree.ts'

/** Access to the elements of a turn of a loop over columns of 32-bit floats. */
export interface Elements {
  /** The floats of the column at that address. */
  load(column: IntegerLocal): Vector
  /** Writes the floats to the column at that address. */
  store(column: IntegerLocal, value: Vector): Statement
  /** The values, with 0 in lanes that stand for no element of their own: what a reduction adds up. */
  counted(value: Vector): Vector
  /** Their numbers in their columns, 32-bit integers, by which random numbers are drawn. */
  readonly numbers: Vector
}

const FLOAT = 4
const VECTOR = 16

const integers = (...lanes: readonly number[]): Vector => ({
  kind: 'constant',
  type: 'v128',
  bytes: new Uint8Array(new Int32Array(lanes).buffer),
})

const FIRST_LANE = integers(-1, 0, 0, 0)

/**
 * Runs what `write` writes for all elements of columns, `bytes` long each, that do not overlap or are the same: four
 * elements a turn, and then one by one what is left. A single element stands in all four lanes, so that it takes the same
 * instructions and comes to the same bits.
 */
export function elementLoop(
  scope: FunctionScope,
  bytes: IntegerLocal,
  write: (elements: Elements) => Statement,
): Statement {
  const at = scope.local('i32')
  const place = (column: IntegerLocal): Integer => i32.add(get(column), get(at))
  const first = i32x4.splat(i32.shr_u(get(at), i32.constant(2)))
  const vectors: Elements = {
    load: (column) => v128.load(place(column)),
    store: (column, value) => v128.store(place(column), value),
    counted: (value) => value,
    numbers: i32x4.add(first, integers(0, 1, 2, 3)),
  }
  const singles: Elements = {
    load: (column) => v128.load32_splat(place(column)),
    store: (column, value) => f32.store(place(column), f32x4.extract_lane(value, 0)),
    counted: (value) => v128.and(value, FIRST_LANE),
    numbers: first,
  }
  return sequence(
    whileFits(at, VECTOR, get(bytes), write(vectors)),
    whileFits(at, FLOAT, get(bytes), write(singles)),
  )
}

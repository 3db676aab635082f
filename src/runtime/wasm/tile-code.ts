import { whileFits } from '../../wasm/control.ts'
import { type FunctionScope } from '../../wasm/function.ts'
import { f32x4, i32, v128 } from '../../wasm/operations.ts'
import {
  get,
  sequence,
  set,
  type Integer,
  type IntegerLocal,
  type Statement,
  type VectorLocal,
} from '../../wasm/tree.ts'

/**
 * Tiles of sums of outer products, held in registers: 4 rows or 1, 8 columns or 4.
 */

/** Rows of the widest tile. */
export const ROWS = 4

/** Bytes of a float, and of the four in a vector register. */
export const FLOAT = 4
export const VECTOR = 16

/** Registers of the widest tile; narrower ones use its first rows and columns. */
export interface Tile {
  readonly sums: readonly (readonly VectorLocal[])[]
  readonly vectors: readonly VectorLocal[]
  readonly scalar: VectorLocal
}

/** Registers for a tile. */
export const makeTile = (scope: FunctionScope): Tile => ({
  sums: Array.from({ length: ROWS }, () => scope.locals('v128', 2)),
  vectors: scope.locals('v128', 2),
  scalar: scope.local('v128'),
})

/** The first rows and columns of a tile. */
export const part = (tile: Tile, rows: number, columns: number): VectorLocal[][] =>
  tile.sums.slice(0, rows).map((row) => row.slice(0, columns))

/** Adds to `sums` the outer product of the floats at `scalars` and the vectors at `vectors`. */
export function addOuterProduct(
  tile: Tile,
  sums: readonly (readonly VectorLocal[])[],
  scalars: readonly Integer[],
  vectors: Integer,
): Statement {
  const columns = tile.vectors.slice(0, sums[0]?.length ?? 0)
  return sequence(
    ...columns.map((vector, index) => set(vector, v128.load(vectors, VECTOR * index))),
    ...sums.map((row, index) =>
      sequence(
        set(tile.scalar, v128.load32_splat(scalars[index]!)),
        ...row.map((sum, column) =>
          set(sum, f32x4.add(get(sum), f32x4.mul(get(tile.scalar), get(columns[column]!)))),
        ),
      ),
    ),
  )
}

/** `body` for each block of 4 entries of a table, then for each that is left. */
export const byRows = (
  entry: IntegerLocal,
  begin: IntegerLocal,
  end: IntegerLocal,
  body: (rows: number) => Statement,
): Statement =>
  sequence(
    set(entry, get(begin)),
    whileFits(entry, FLOAT * ROWS, get(end), body(ROWS)),
    whileFits(entry, FLOAT, get(end), body(1)),
  )

/** `body` for each block of two vectors of `size` bytes, then of one. */
export const byColumns = (
  column: IntegerLocal,
  size: IntegerLocal,
  body: (columns: number) => Statement,
): Statement =>
  sequence(
    set(column, i32.constant(0)),
    whileFits(column, 2 * VECTOR, get(size), body(2)),
    whileFits(column, VECTOR, get(size), body(1)),
  )

import { increase, whileFits } from '../../wasm/control.ts'
import { type ExportedFunction, type FunctionScope, defineFunction } from '../../wasm/function.ts'
import { f32x4, i32, madd, v128 } from '../../wasm/operations.ts'
import {
  get,
  sequence,
  set,
  type IntegerLocal,
  type Statement,
  type Vector,
  type VectorLocal,
} from '../../wasm/tree.ts'
import { byColumns, FLOAT, makeTile, part, ROWS, VECTOR, type Tile } from './tile-code.ts'

/**
 * Products of row-major matrices of 32-bit floats for dense layers, with what comes behind them done on the sums in the registers.
 * Rows of results are a multiple of 16 bytes. Every sum is taken in the order of its terms.
 */

type Sums = readonly (readonly VectorLocal[])[]

/** sums += the floats at `rows` times the vectors at `vectors`. Not unrolled: V8 then spills what it has loaded ahead. */
const addProduct = (
  tile: Tile,
  sums: Sums,
  rows: readonly IntegerLocal[],
  vectors: IntegerLocal,
): Statement => {
  const columns = tile.vectors.slice(0, sums[0]?.length ?? 0)
  return sequence(
    ...columns.map((vector, index) => set(vector, v128.load(get(vectors), VECTOR * index))),
    ...sums.map((row, index) =>
      sequence(
        set(tile.scalar, v128.load32_splat(get(rows[index]!))),
        ...row.map((sum, column) =>
          set(sum, madd.f32x4(get(tile.scalar), get(columns[column]!), get(sum))),
        ),
      ),
    ),
  )
}

/** Runs `body` for four rows, then for one. */
const byRows = (
  row: IntegerLocal,
  rows: IntegerLocal,
  body: (count: number) => Statement,
): Statement =>
  sequence(
    set(row, i32.constant(0)),
    whileFits(row, ROWS, get(rows), body(ROWS)),
    whileFits(row, 1, get(rows), body(1)),
  )

const ROWS_TIMES_MATRIX = [
  /** [rows, terms], its rows `xRowBytes` apart. */
  'x',
  'xRowBytes',
  'rows',
  'termsBytes',
  /** [terms, columns], and the row that the sums start with. */
  'weights',
  'start',
  /** [rows, columns]. */
  'y',
  'rowBytes',
  /** Where it is positive, results are kept. */
  'mask',
] as const

/** y = what `finish` makes of start + x weights. */
const rowsTimesMatrix = (
  name: string,
  finish: (sum: VectorLocal, mask: IntegerLocal, offset: number) => Vector,
): ExportedFunction =>
  defineFunction(name, ROWS_TIMES_MATRIX, (p, scope) => {
    const [row, column, term, weights, target, gate] = six(scope)
    const sources = scope.locals('i32', ROWS)
    const tile = makeTile(scope)
    const block = (rows: number): Statement => {
      const inputs = sources.slice(0, rows)
      return sequence(
        byColumns(column, p.rowBytes, (columns) => {
          const sums = part(tile, rows, columns)
          return sequence(
            ...inputs.map((source, index) =>
              set(
                source,
                index === 0 ? get(p.x) : i32.add(get(sources[index - 1]!), get(p.xRowBytes)),
              ),
            ),
            set(target, i32.add(get(p.start), get(column))),
            ...sums.map((sum) =>
              sequence(
                ...sum.map((vector, index) => set(vector, v128.load(get(target), VECTOR * index))),
              ),
            ),
            set(weights, i32.add(get(p.weights), get(column))),
            set(term, i32.constant(0)),
            whileFits(
              term,
              FLOAT,
              get(p.termsBytes),
              sequence(
                addProduct(tile, sums, inputs, weights),
                increase(weights, get(p.rowBytes)),
                ...inputs.map((source) => increase(source, i32.constant(FLOAT))),
              ),
            ),
            set(target, i32.add(get(p.y), get(column))),
            set(gate, i32.add(get(p.mask), get(column))),
            ...sums.map((sum) =>
              sequence(
                ...sum.map((vector, index) =>
                  v128.store(get(target), finish(vector, gate, VECTOR * index), VECTOR * index),
                ),
                increase(target, get(p.rowBytes)),
                increase(gate, get(p.rowBytes)),
              ),
            ),
          )
        }),
        ...[p.x].map((x) => increase(x, i32.mul(get(p.xRowBytes), i32.constant(rows)))),
        ...[p.y, p.mask].map((y) => increase(y, i32.mul(get(p.rowBytes), i32.constant(rows)))),
      )
    }
    return byRows(row, p.rows, block)
  })

/** y[term][column] = sum over rows of x[row][term] dy[row][column]; `terms`: how many there are. */
const transposedTimesMatrix = (): ExportedFunction =>
  defineFunction(
    'transposedTimesMatrix',
    ['x', 'xRowBytes', 'rows', 'terms', 'dy', 'y', 'rowBytes'],
    (p, scope) => {
      const [term, column, row, source, slopes, target] = six(scope)
      const tile = makeTile(scope)
      const block = (terms: number): Statement =>
        sequence(
          byColumns(column, p.rowBytes, (columns) => {
            const sums = part(tile, terms, columns)
            const vectors = tile.vectors.slice(0, columns)
            const turn = sequence(
              ...vectors.map((vector, index) =>
                set(vector, v128.load(get(slopes), VECTOR * index)),
              ),
              ...sums.map((sum, index) =>
                sequence(
                  set(tile.scalar, v128.load32_splat(get(source), FLOAT * index)),
                  ...sum.map((total, at) =>
                    set(total, madd.f32x4(get(tile.scalar), get(vectors[at]!), get(total))),
                  ),
                ),
              ),
              increase(source, get(p.xRowBytes)),
              increase(slopes, get(p.rowBytes)),
            )
            return sequence(
              ...sums.flat().map((sum) => set(sum, f32x4.constant(0))),
              set(source, get(p.x)),
              set(slopes, i32.add(get(p.dy), get(column))),
              set(row, i32.constant(0)),
              whileFits(row, 1, get(p.rows), turn),
              set(target, i32.add(get(p.y), get(column))),
              ...sums.map((sum) =>
                sequence(
                  ...sum.map((total, at) => v128.store(get(target), get(total), VECTOR * at)),
                  increase(target, get(p.rowBytes)),
                ),
              ),
            )
          }),
          increase(p.x, i32.constant(FLOAT * terms)),
          increase(p.y, i32.mul(get(p.rowBytes), i32.constant(terms))),
        )
      return byRows(term, p.terms, block)
    },
  )

function six(
  scope: FunctionScope,
): [IntegerLocal, IntegerLocal, IntegerLocal, IntegerLocal, IntegerLocal, IntegerLocal] {
  const local = (): IntegerLocal => scope.local('i32')
  return [local(), local(), local(), local(), local(), local()]
}

/** The functions of this file, by their names. */
export const denseCode = (): ExportedFunction[] => [
  rowsTimesMatrix('product', (sum) => get(sum)),
  rowsTimesMatrix('rectifiedProduct', (sum) => f32x4.max(get(sum), f32x4.constant(0))),
  rowsTimesMatrix('maskedProduct', (sum, mask, offset) =>
    v128.and(get(sum), f32x4.gt(v128.load(get(mask), offset), f32x4.constant(0))),
  ),
  transposedTimesMatrix(),
]

/** Names of {@link denseCode}. */
export type DenseFunction =
  'product' | 'rectifiedProduct' | 'maskedProduct' | 'transposedTimesMatrix'

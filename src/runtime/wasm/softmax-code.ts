import { increase, whileFits } from '../../wasm/control.ts'
import { defineFunction, type ExportedFunction, type FunctionScope } from '../../wasm/function.ts'
import { f32, f32x4, i32, lanes32, shuffle, v128 } from '../../wasm/operations.ts'
import {
  get,
  sequence,
  set,
  type IntegerLocal,
  type Statement,
  type Vector,
  type VectorLocal,
} from '../../wasm/tree.ts'
import { exponential } from './sigmoid-code.ts'
import { FLOAT, VECTOR } from './tile-code.ts'

/** Softmax of rows of 32-bit floats. `rowBytes`: one row, a multiple of 16 bytes; `factor`: the address of a float. */

/** What `combine` makes of the four lanes, in each of them. */
const acrossLanes = (
  vector: VectorLocal,
  combine: (a: Vector, b: Vector) => Vector,
): readonly Statement[] =>
  [
    [2, 3, 0, 1],
    [1, 0, 3, 2],
  ].map((lanes) =>
    set(vector, combine(get(vector), shuffle(get(vector), get(vector), lanes32(...lanes)))),
  )

/** y = factor softmax(x); totals = for each row the sum of exp(x - its largest), and its largest. */
const softmaxRows = (): ExportedFunction =>
  defineFunction('softmaxRows', ['x', 'rowBytes', 'rows', 'factor', 'y', 'totals'], (p, scope) => {
    const [top, total, value] = [scope.local('v128'), scope.local('v128'), scope.local('v128')]
    const { overRows, overColumns, x, y } = walk(scope, p)
    return overRows(
      sequence(
        set(top, f32x4.constant(-Infinity)),
        overColumns(set(top, f32x4.max(get(top), v128.load(x)))),
        ...acrossLanes(top, f32x4.max),
        set(total, f32x4.constant(0)),
        overColumns(
          sequence(
            set(value, exponential(f32x4.sub(v128.load(x), get(top)))),
            set(total, f32x4.add(get(total), get(value))),
            v128.store(y, get(value)),
          ),
        ),
        ...acrossLanes(total, f32x4.add),
        f32.store(get(p.totals), f32x4.extract_lane(get(total), 0)),
        f32.store(get(p.totals), f32x4.extract_lane(get(top), 0), FLOAT),
        increase(p.totals, i32.constant(2 * FLOAT)),
        set(total, f32x4.div(v128.load32_splat(get(p.factor)), get(total))),
        overColumns(v128.store(y, f32x4.mul(v128.load(y), get(total)))),
      ),
    )
  })

/** y = factor x (y - sum of x y): back through x = softmax, for its gradient y. */
const softmaxRowsGradient = (): ExportedFunction =>
  defineFunction('softmaxRowsGradient', ['x', 'rowBytes', 'rows', 'factor', 'y'], (p, scope) => {
    const [sum, factor] = [scope.local('v128'), scope.local('v128')]
    const { overRows, overColumns, x, y } = walk(scope, p)
    return overRows(
      sequence(
        set(sum, f32x4.constant(0)),
        overColumns(set(sum, f32x4.add(get(sum), f32x4.mul(v128.load(x), v128.load(y))))),
        ...acrossLanes(sum, f32x4.add),
        set(factor, v128.load32_splat(get(p.factor))),
        overColumns(
          v128.store(
            y,
            f32x4.mul(f32x4.mul(v128.load(x), f32x4.sub(v128.load(y), get(sum))), get(factor)),
          ),
        ),
      ),
    )
  })

/** The ways through the rows of x and y, and through the vectors of one. */
function walk(
  scope: FunctionScope,
  p: Readonly<Record<'x' | 'y' | 'rows' | 'rowBytes', IntegerLocal>>,
) {
  const [row, column] = [scope.local('i32'), scope.local('i32')]
  const overColumns = (turn: Statement): Statement =>
    sequence(set(column, i32.constant(0)), whileFits(column, VECTOR, get(p.rowBytes), turn))
  const overRows = (turn: Statement): Statement =>
    sequence(
      set(row, i32.constant(0)),
      whileFits(
        row,
        1,
        get(p.rows),
        sequence(turn, increase(p.x, get(p.rowBytes)), increase(p.y, get(p.rowBytes))),
      ),
    )
  const at = (matrix: IntegerLocal) => i32.add(get(matrix), get(column))
  return { overRows, overColumns, x: at(p.x), y: at(p.y) }
}

/** The functions of this file. */
export const softmaxCode = (): ExportedFunction[] => [softmaxRows(), softmaxRowsGradient()]

/** Names of {@link softmaxCode}. */
export type SoftmaxFunction = 'softmaxRows' | 'softmaxRowsGradient'

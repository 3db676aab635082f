import { increase, repeatBelow, whileFits } from '../../wasm/control.ts'
import { type ExportedFunction, defineFunction } from '../../wasm/function.ts'
import { f32x4, i32, madd, v128 } from '../../wasm/operations.ts'
import {
  get,
  sequence,
  set,
  type Integer,
  type IntegerLocal,
  type Statement,
  type VectorLocal,
} from '../../wasm/tree.ts'
import { byColumns, byRows, FLOAT, makeTile, part, ROWS, VECTOR, type Tile } from './tile-code.ts'

/**
 * Convolutions of one image for training steps, over its copy with padding. What is walked through as vectors lies in panels: for
 * eight columns (or the last four) all rows, one after the other, so that a panel stays in the fastest cache. `positions` and
 * `taps` are tables of byte offsets in the padded image. A tile of (4 or 1) x (8 or 4) sums is kept in registers, and sums are in an
 * order that follows from the sizes alone.
 */

/** Where a float is: an address, and bytes behind it. */
type FloatPlace = readonly [address: Integer, offset?: number]

type Sums = readonly (readonly VectorLocal[])[]

/** sums += the floats at `scalars` times the row of a panel at `panel`. Not unrolled: V8 then spills what it has loaded ahead. */
function addOuter(
  tile: Tile,
  sums: Sums,
  scalars: readonly FloatPlace[],
  panel: IntegerLocal,
): Statement {
  const columns = tile.vectors.slice(0, sums[0]?.length ?? 0)
  return sequence(
    ...columns.map((vector, index) => set(vector, v128.load(get(panel), VECTOR * index))),
    ...sums.map((line, index) =>
      sequence(
        set(tile.scalar, v128.load32_splat(...scalars[index]!)),
        ...line.map((sum, column) =>
          set(sum, madd.f32x4(get(tile.scalar), get(columns[column]!), get(sum))),
        ),
      ),
    ),
    increase(panel, i32.constant(VECTOR * columns.length)),
  )
}

/** Adds the products of one term, behind which `scalars` and `panel` move on. */
const addTerm = (
  tile: Tile,
  sums: Sums,
  scalars: readonly IntegerLocal[],
  panel: IntegerLocal,
): Statement =>
  sequence(
    addOuter(
      tile,
      sums,
      scalars.map((scalar) => [get(scalar)]),
      panel,
    ),
    ...scalars.map((scalar) => increase(scalar, i32.constant(FLOAT))),
  )

/**
 * y[position][column] = sum over taps of x[position + tap] panels[tap][column]. Taps come in `runs` runs of `runBytes` that lie
 * `runStep` apart in the image.
 */
const convolve = () =>
  defineFunction(
    'convolve',
    [
      ...(['image', 'panels', 'y', 'positions', 'positionsEnd', 'rowBytes'] as const),
      ...(['runs', 'runBytes', 'runStep'] as const),
    ],
    (p, scope) => {
      const [column, entry, panel, run, term, target, rest] = scope.locals('i32', 7) as [
        ...Seven<IntegerLocal>,
      ]
      const scalars = scope.locals('i32', ROWS)
      const tile = makeTile(scope)
      const block = (rows: number, columns: number): Statement => {
        const sums = part(tile, rows, columns)
        const used = scalars.slice(0, rows)
        return sequence(
          ...used.map((scalar, index) =>
            set(scalar, i32.add(get(p.image), i32.load(get(entry), FLOAT * index))),
          ),
          ...sums.flat().map((sum) => set(sum, f32x4.constant(0))),
          set(panel, get(p.panels)),
          set(run, i32.constant(0)),
          repeatBelow(
            run,
            get(p.runs),
            sequence(
              set(term, i32.constant(0)),

              whileFits(term, FLOAT, get(p.runBytes), addTerm(tile, sums, used, panel)),
              ...used.map((scalar) => increase(scalar, get(rest))),
              increase(run, i32.constant(1)),
            ),
          ),
          ...sums.map((line) =>
            sequence(
              ...line.map((sum, index) => v128.store(get(target), get(sum), VECTOR * index)),
              increase(target, get(p.rowBytes)),
            ),
          ),
        )
      }
      return sequence(
        set(rest, i32.sub(get(p.runStep), get(p.runBytes))),
        byColumns(column, p.rowBytes, (columns) =>
          sequence(
            set(target, i32.add(get(p.y), get(column))),
            byRows(entry, p.positions, p.positionsEnd, (rows) => block(rows, columns)),
            set(p.panels, get(panel)),
          ),
        ),
      )
    },
  )

/**
 * dFilter[tap][column] += sum over positions of x[position + tap] panels[position][column]. `areTogether`: four taps are always one
 * after the other in the image, as they are where its channels are a multiple of four.
 */
const addFilterGradient = (name: string, areTogether: boolean) =>
  defineFunction(
    name,
    [
      ...(['image', 'panels', 'dFilter', 'taps', 'tapsEnd', 'rowBytes'] as const),
      ...(['positions', 'positionsEnd'] as const),
    ],
    (p, scope) => {
      const [column, entry, panel, place, target, base] = scope.locals('i32', 6) as [
        ...Six<IntegerLocal>,
      ]
      const starts = scope.locals('i32', ROWS)
      const tile = makeTile(scope)
      const block = (rows: number, columns: number): Statement => {
        const sums = part(tile, rows, columns)
        const used = starts.slice(0, areTogether ? 1 : rows)
        const scalars = sums.map((_, index): FloatPlace =>
          areTogether ? [get(base), FLOAT * index] : [i32.add(get(base), get(starts[index]!))],
        )
        const eachSum = (access: (sum: VectorLocal, at: number) => Statement): Statement =>
          sequence(
            ...sums.map((row) =>
              sequence(
                ...row.map((sum, index) => access(sum, VECTOR * index)),
                increase(target, get(p.rowBytes)),
              ),
            ),
          )
        return sequence(
          ...used.map((start, index) =>
            set(start, i32.add(get(p.image), i32.load(get(entry), FLOAT * index))),
          ),
          eachSum((sum, at) => set(sum, v128.load(get(target), at))),
          set(target, i32.sub(get(target), i32.mul(get(p.rowBytes), i32.constant(rows)))),
          set(panel, get(p.panels)),
          set(place, get(p.positions)),
          repeatBelow(
            place,
            get(p.positionsEnd),
            sequence(
              set(
                base,
                areTogether ? i32.add(i32.load(get(place)), get(starts[0]!)) : i32.load(get(place)),
              ),
              addOuter(tile, sums, scalars, panel),
              increase(place, i32.constant(FLOAT)),
            ),
          ),
          eachSum((sum, at) => v128.store(get(target), get(sum), at)),
        )
      }
      return byColumns(column, p.rowBytes, (columns) =>
        sequence(
          set(target, i32.add(get(p.dFilter), get(column))),
          byRows(entry, p.taps, p.tapsEnd, (rows) => block(rows, columns)),
          set(p.panels, get(panel)),
        ),
      )
    },
  )

/**
 * dx[position + tap][column] += sum over `terms` bytes of channels of dy[position][channel] panels[tap][channel][column]. `taps` are
 * pixels of the filter; `columnBytes`: the columns of dx.
 */
const addInputGradient = () =>
  defineFunction(
    'addInputGradient',
    [
      ...(['dy', 'panels', 'image', 'positions', 'positionsEnd', 'taps', 'tapsEnd'] as const),
      ...(['columnBytes', 'termBytes'] as const),
    ],
    (p, scope) => {
      const [column, entry, panel, tap, term, target, source] = scope.locals('i32', 7) as [
        ...Seven<IntegerLocal>,
      ]
      const scalars = scope.locals('i32', ROWS)
      const tile = makeTile(scope)
      const block = (rows: number, columns: number): Statement => {
        const sums = part(tile, rows, columns)
        const used = scalars.slice(0, rows)
        return sequence(
          ...used.map((scalar) =>
            sequence(set(scalar, get(source)), increase(source, get(p.termBytes))),
          ),
          ...sums.flat().map((sum) => set(sum, f32x4.constant(0))),
          set(panel, get(p.panels)),
          set(term, i32.constant(0)),

          whileFits(term, FLOAT, get(p.termBytes), addTerm(tile, sums, used, panel)),
          ...sums.map((line, index) =>
            sequence(
              set(
                target,
                i32.add(
                  i32.add(get(p.image), get(column)),
                  i32.add(i32.load(get(entry), FLOAT * index), i32.load(get(tap))),
                ),
              ),
              ...line.map((sum, at) =>
                v128.store(
                  get(target),
                  f32x4.add(v128.load(get(target), VECTOR * at), get(sum)),
                  VECTOR * at,
                ),
              ),
            ),
          ),
        )
      }
      return sequence(
        set(tap, get(p.taps)),
        repeatBelow(
          tap,
          get(p.tapsEnd),
          sequence(
            byColumns(column, p.columnBytes, (columns) =>
              sequence(
                set(source, get(p.dy)),
                byRows(entry, p.positions, p.positionsEnd, (rows) => block(rows, columns)),
                set(p.panels, get(panel)),
              ),
            ),
            increase(tap, i32.constant(FLOAT)),
          ),
        ),
      )
    },
  )

/** Writes the panels of a matrix [rows, columns]. */
const writePanels = () =>
  defineFunction('writePanels', ['from', 'rowBytes', 'rows', 'to'], (p, scope) => {
    const [column, row, source] = scope.locals('i32', 3) as [
      IntegerLocal,
      IntegerLocal,
      IntegerLocal,
    ]
    return byColumns(column, p.rowBytes, (columns) =>
      sequence(
        set(source, i32.add(get(p.from), get(column))),
        set(row, i32.constant(0)),
        repeatBelow(
          row,
          get(p.rows),
          sequence(
            ...Array.from({ length: columns }, (_, index) =>
              v128.store(get(p.to), v128.load(get(source), VECTOR * index), VECTOR * index),
            ),
            increase(source, get(p.rowBytes)),
            increase(p.to, i32.constant(VECTOR * columns)),
            increase(row, i32.constant(1)),
          ),
        ),
      ),
    )
  })

/** Copies images of `lines` lines of `lineBytes` (short ones, for which an instruction that copies is slow), lines and images as far apart on both sides as is said. */
const copyImages = () =>
  defineFunction(
    'copyImages',
    [
      ...(['from', 'fromLine', 'fromImage', 'to', 'toLine', 'toImage'] as const),
      ...(['images', 'lines', 'lineBytes'] as const),
    ],
    (p, scope) => {
      const [image, line, source, target, at] = scope.locals('i32', 5) as [...Five<IntegerLocal>]
      return sequence(
        set(image, i32.constant(0)),
        repeatBelow(
          image,
          get(p.images),
          sequence(
            set(source, get(p.from)),
            set(target, get(p.to)),
            set(line, i32.constant(0)),
            repeatBelow(
              line,
              get(p.lines),
              sequence(
                set(at, i32.constant(0)),
                whileFits(
                  at,
                  VECTOR,
                  get(p.lineBytes),
                  v128.store(
                    i32.add(get(target), get(at)),
                    v128.load(i32.add(get(source), get(at))),
                  ),
                ),
                whileFits(
                  at,
                  FLOAT,
                  get(p.lineBytes),
                  i32.store(i32.add(get(target), get(at)), i32.load(i32.add(get(source), get(at)))),
                ),
                increase(source, get(p.fromLine)),
                increase(target, get(p.toLine)),
                increase(line, i32.constant(1)),
              ),
            ),
            increase(p.from, get(p.fromImage)),
            increase(p.to, get(p.toImage)),
            increase(image, i32.constant(1)),
          ),
        ),
      )
    },
  )

type Five<Item> = [Item, Item, Item, Item, Item]
type Six<Item> = [Item, Item, Item, Item, Item, Item]
type Seven<Item> = [Item, Item, Item, Item, Item, Item, Item]

/** The functions of this file. */
export const stepConvolutionCode = (): ExportedFunction[] => [
  addFilterGradient('addFilterGradient', false),
  addFilterGradient('addFilterGradientOfFours', true),
  ...[convolve, addInputGradient, writePanels, copyImages].map((write) => write()),
]

/** Names of {@link stepConvolutionCode}. */
export type StepConvolutionFunction =
  | 'convolve'
  | 'addFilterGradient'
  | 'addFilterGradientOfFours'
  | 'addInputGradient'
  | 'writePanels'
  | 'copyImages'

import { increase, repeatBelow } from '../../wasm/control.ts'
import { type ExportedFunction, type FunctionScope, defineFunction } from '../../wasm/function.ts'
import { clearMemory, copyMemory, f32x4, i32, v128 } from '../../wasm/operations.ts'
import {
  get,
  sequence,
  set,
  type IntegerLocal,
  type Statement,
  type VectorLocal,
} from '../../wasm/tree.ts'
import {
  addOuterProduct,
  byColumns,
  byRows,
  FLOAT,
  makeTile,
  part,
  ROWS,
  VECTOR,
} from './tile-code.ts'

/**
 * Convolution and its two gradients, image by image, over a copy of the image with its padding: so every filter tap is
 * valid at every output position, and the address of an operand is base[position] + offset[tap], both from tables of byte
 * offsets. Matrices are row-major 32-bit floats, and the vectorised axis must be a multiple of four long.
 *
 * The inner loops keep a tile of (4 or 1) x (8 or 4) sums in registers and add one outer product a turn; their order does
 * not depend on anything but the sizes, so results repeat to the bit.
 */

/** Parameters that the three functions share; sizes and strides in bytes, tables as begin and end addresses. */
const GEOMETRY = [
  'batch',
  /** One image, one of its rows, one row of its padded copy. */
  'imageBytes',
  'rowBytes',
  'paddedRowBytes',
  /** The padded copy, all zero at first, and the address of the image's first pixel in it. */
  'padded',
  'interior',
  /** For each output position, where its window starts in the padded copy. */
  'bases',
  'basesEnd',
  /** For each tap, its place in the window. A tap is a filter row, column and, except in inputGradient, input channel. */
  'offsets',
  'offsetsEnd',
  /** The channels of one output position, and the output of one image. */
  'outputBytes',
  'outputImageBytes',
] as const

type Geometry = Readonly<Record<(typeof GEOMETRY)[number], IntegerLocal>>

/** Loads `registers.length` table entries, each plus `shift`. */
const loadEntries = (
  registers: readonly IntegerLocal[],
  entry: IntegerLocal,
  shift: IntegerLocal,
): Statement =>
  sequence(
    ...registers.map((register, index) =>
      set(register, i32.add(get(shift), i32.load(get(entry), FLOAT * index))),
    ),
  )

/** Runs `body` for each image, with `image` moving over the whole images at `first`. */
const forImages = (
  p: Geometry,
  scope: FunctionScope,
  first: IntegerLocal,
  body: Statement,
): Statement => {
  const last = scope.local('i32')
  return sequence(
    set(last, i32.add(get(first), i32.mul(get(p.batch), get(p.imageBytes)))),
    repeatBelow(first, get(last), body),
  )
}

/** Copies the rows of the image at `image`, which ends up after it, into its padded copy or out of it. */
function copyImage(
  p: Geometry,
  scope: FunctionScope,
  image: IntegerLocal,
  direction: 'in' | 'out',
): Statement {
  const row = scope.local('i32')
  const end = scope.local('i32')
  return sequence(
    set(row, get(p.interior)),
    set(end, i32.add(get(image), get(p.imageBytes))),
    repeatBelow(
      image,
      get(end),
      sequence(
        direction === 'in'
          ? copyMemory(get(row), get(image), get(p.rowBytes))
          : copyMemory(get(image), get(row), get(p.rowBytes)),
        increase(row, get(p.paddedRowBytes)),
        increase(image, get(p.rowBytes)),
      ),
    ),
  )
}

/** y[position][out] = sum over taps of x[base[position] + offset[tap]] filter[tap][out]. */
const convolution = () =>
  defineFunction('convolution', ['x', 'filter', 'y', ...GEOMETRY], (p, scope) => {
    const [entry, column, tap, offset, weights, target] = six(scope)
    const windows = scope.locals('i32', ROWS)
    const tile = makeTile(scope)
    const block = (rows: number): Statement =>
      sequence(
        loadEntries(windows.slice(0, rows), entry, p.padded),
        byColumns(column, p.outputBytes, (columns) => {
          const sums = part(tile, rows, columns)
          return sequence(
            ...sums.flat().map((sum) => set(sum, f32x4.constant(0))),
            set(weights, i32.add(get(p.filter), get(column))),
            set(tap, get(p.offsets)),
            repeatBelow(
              tap,
              get(p.offsetsEnd),
              sequence(
                set(offset, i32.load(get(tap))),
                addOuterProduct(
                  tile,
                  sums,
                  windows.map((window) => i32.add(get(window), get(offset))),
                  get(weights),
                ),
                increase(weights, get(p.outputBytes)),
                increase(tap, i32.constant(FLOAT)),
              ),
            ),
            set(target, i32.add(get(p.y), get(column))),
            ...sums.map((row) =>
              sequence(
                ...row.map((sum, index) => v128.store(get(target), get(sum), VECTOR * index)),
                increase(target, get(p.outputBytes)),
              ),
            ),
          )
        }),
        increase(p.y, i32.mul(get(p.outputBytes), i32.constant(rows))),
      )
    return forImages(
      p,
      scope,
      p.x,
      sequence(copyImage(p, scope, p.x, 'in'), byRows(entry, p.bases, p.basesEnd, block)),
    )
  })

/** dFilter[tap][out] += sum over positions of x[base[position] + offset[tap]] dy[position][out]. */
const filterGradient = () =>
  defineFunction('filterGradient', ['x', 'dy', 'dFilter', ...GEOMETRY], (p, scope) => {
    const [entry, column, position, base, slopes, target] = six(scope)
    const rowTarget = scope.local('i32')
    const taps = scope.locals('i32', ROWS)
    const tile = makeTile(scope)
    const eachSum = (
      sums: readonly (readonly VectorLocal[])[],
      access: (sum: VectorLocal, at: number) => Statement,
    ): Statement =>
      sequence(
        set(rowTarget, i32.add(get(target), get(column))),
        ...sums.map((row) =>
          sequence(
            ...row.map((sum, index) => access(sum, VECTOR * index)),
            increase(rowTarget, get(p.outputBytes)),
          ),
        ),
      )
    const block = (rows: number): Statement =>
      sequence(
        loadEntries(taps.slice(0, rows), entry, p.padded),
        byColumns(column, p.outputBytes, (columns) => {
          const sums = part(tile, rows, columns)
          return sequence(
            eachSum(sums, (sum, at) => set(sum, v128.load(get(rowTarget), at))),
            set(slopes, i32.add(get(p.dy), get(column))),
            set(position, get(p.bases)),
            repeatBelow(
              position,
              get(p.basesEnd),
              sequence(
                set(base, i32.load(get(position))),
                addOuterProduct(
                  tile,
                  sums,
                  taps.map((tap) => i32.add(get(tap), get(base))),
                  get(slopes),
                ),
                increase(slopes, get(p.outputBytes)),
                increase(position, i32.constant(FLOAT)),
              ),
            ),
            eachSum(sums, (sum, at) => v128.store(get(rowTarget), get(sum), at)),
          )
        }),
        increase(target, i32.mul(get(p.outputBytes), i32.constant(rows))),
      )
    return forImages(
      p,
      scope,
      p.x,
      sequence(
        copyImage(p, scope, p.x, 'in'),
        set(target, get(p.dFilter)),
        byRows(entry, p.offsets, p.offsetsEnd, block),
        increase(p.dy, get(p.outputImageBytes)),
      ),
    )
  })

/**
 * dx[base[position] + offset[tap]][in] += sum over out of dy[position][out] transposed[out][tap][in]. `inputBytes`: the
 * channels of one input pixel; `transposedBytes`: one row of the transposed filter; `paddedBytes`: the padded copy.
 */
const inputGradient = () =>
  defineFunction(
    'inputGradient',
    ['dy', 'transposed', 'dx', 'inputBytes', 'transposedBytes', 'paddedBytes', ...GEOMETRY],
    (p, scope) => {
      const [entry, column, tap, channel, weights, tapWeights] = six(scope)
      const windows = scope.locals('i32', ROWS)
      const slopes = scope.locals('i32', ROWS)
      const target = scope.local('i32')
      const tile = makeTile(scope)
      const block = (rows: number): Statement => {
        const perTap = byColumns(column, p.inputBytes, (columns) => {
          const sums = part(tile, rows, columns)
          return sequence(
            ...sums.flat().map((sum) => set(sum, f32x4.constant(0))),
            set(weights, i32.add(get(tapWeights), get(column))),
            set(channel, i32.constant(0)),
            repeatBelow(
              channel,
              get(p.outputBytes),
              sequence(
                addOuterProduct(
                  tile,
                  sums,
                  slopes.map((slope) => i32.add(get(slope), get(channel))),
                  get(weights),
                ),
                increase(weights, get(p.transposedBytes)),
                increase(channel, i32.constant(FLOAT)),
              ),
            ),
            ...sums.map((row, index) =>
              sequence(
                set(
                  target,
                  i32.add(i32.add(get(windows[index]!), i32.load(get(tap))), get(column)),
                ),
                ...row.map((sum, at) =>
                  v128.store(
                    get(target),
                    f32x4.add(v128.load(get(target), VECTOR * at), get(sum)),
                    VECTOR * at,
                  ),
                ),
              ),
            ),
          )
        })
        return sequence(
          loadEntries(windows.slice(0, rows), entry, p.padded),
          ...slopes
            .slice(0, rows)
            .map((slope) => sequence(set(slope, get(p.dy)), increase(p.dy, get(p.outputBytes)))),
          set(tap, get(p.offsets)),
          set(tapWeights, get(p.transposed)),
          repeatBelow(
            tap,
            get(p.offsetsEnd),
            sequence(
              perTap,
              increase(tapWeights, get(p.inputBytes)),
              increase(tap, i32.constant(FLOAT)),
            ),
          ),
        )
      }
      return forImages(
        p,
        scope,
        p.dx,
        sequence(
          clearMemory(get(p.padded), get(p.paddedBytes)),
          byRows(entry, p.bases, p.basesEnd, block),
          copyImage(p, scope, p.dx, 'out'),
        ),
      )
    },
  )

function six(
  scope: FunctionScope,
): [IntegerLocal, IntegerLocal, IntegerLocal, IntegerLocal, IntegerLocal, IntegerLocal] {
  const local = (): IntegerLocal => scope.local('i32')
  return [local(), local(), local(), local(), local(), local()]
}

/** The functions of this file. */
export const convolutionCode = (): ExportedFunction[] =>
  [convolution, filterGradient, inputGradient].map((write) => write())

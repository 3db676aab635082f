import type { KernelExtent } from '../../../plan/kernels.ts'
import { increase, whileFits, whileTrue } from '../../../wasm/control.ts'
import type { FunctionScope } from '../../../wasm/function.ts'
import { f32, f32x4, i32, i32x4, v128 } from '../../../wasm/operations.ts'
import {
  get,
  sequence,
  set,
  type Integer,
  type IntegerLocal,
  type Local,
  type Statement,
  type Vector,
} from '../../../wasm/tree.ts'

/** Access to the elements of a turn of a loop over columns of 32-bit floats. */
export interface Elements {
  /** The floats of the column at that address, which has one for each of what the extent says, elements when not given. */
  load(column: IntegerLocal, extent?: KernelExtent): Vector
  /** Writes the floats to the column at that address, in loops over what the column has one for. */
  store(column: IntegerLocal, value: Vector): Statement
  /** The values, with 0 in lanes that stand for no element of their own: what a reduction adds up. */
  counted(value: Vector): Vector
  /** Their numbers in their columns, 32-bit integers, by which random numbers are drawn. */
  readonly numbers: Vector
}

/** How many bytes the columns have: of elements, and of one float for each output and each input. */
export interface Lengths {
  readonly elements: IntegerLocal
  readonly outputs: IntegerLocal
  readonly inputs: IntegerLocal
}

const FLOAT = 4
const VECTOR = 16

const integers = (...lanes: readonly number[]): Vector => ({
  kind: 'constant',
  type: 'v128',
  bytes: new Uint8Array(new Int32Array(lanes).buffer),
})

const FIRST_LANE = integers(-1, 0, 0, 0)

/** How many elements a turn takes: four, or one that stands in all four lanes, and so comes to the same bits. */
interface Turn {
  readonly bytes: number
  load(address: Integer): Vector
  store(address: Integer, value: Vector): Statement
  counted(value: Vector): Vector
  numbers(first: Vector): Vector
}

const FOUR: Turn = {
  bytes: VECTOR,
  load: (address) => v128.load(address),
  store: (address, value) => v128.store(address, value),
  counted: (value) => value,
  numbers: (first) => i32x4.add(first, integers(0, 1, 2, 3)),
}

const SINGLE: Turn = {
  bytes: FLOAT,
  load: (address) => v128.load32_splat(address),
  store: (address, value) => f32.store(address, f32x4.extract_lane(value, 0)),
  counted: (value) => v128.and(value, FIRST_LANE),
  numbers: (first) => first,
}

/** First as many turns of four as fit, then one by one what is left; `at` is where a turn begins, and begins at 0. */
function turns(at: Local<'i32'>, bytes: IntegerLocal, write: (turn: Turn) => Statement): Statement {
  return sequence(
    set(at, i32.constant(0)),
    ...[FOUR, SINGLE].map((turn) => whileFits(at, turn.bytes, get(bytes), write(turn))),
  )
}

const wordsOf = (bytes: Integer): Integer => i32.shr_u(bytes, i32.constant(2))

/**
 * Runs what `write` writes for all floats of columns, `bytes` long each, that do not overlap or are the same. The columns have
 * all one length, whatever their extent.
 */
export function elementLoop(
  scope: FunctionScope,
  bytes: IntegerLocal,
  write: (elements: Elements) => Statement,
): Statement {
  const at = scope.local('i32')
  const place = (column: IntegerLocal): Integer => i32.add(get(column), get(at))
  return turns(at, bytes, (turn) =>
    write({
      load: (column) => turn.load(place(column)),
      store: (column, value) => turn.store(place(column), value),
      counted: turn.counted,
      numbers: turn.numbers(i32x4.splat(wordsOf(get(at)))),
    }),
  )
}

/** What a loop over a matrix does beside its turns, at the column that its place in the order stands for. */
export interface Around {
  readonly before: Statement
  readonly after: (place: Elements['store']) => Statement
}

const NOTHING: Around = { before: sequence(), after: () => sequence() }

/** The same for all elements, input by input, where columns may also have one float for each output or input. */
export function rowLoop(
  scope: FunctionScope,
  lengths: Lengths,
  write: (elements: Elements) => Statement,
  { before, after }: Around = NOTHING,
): Statement {
  const [row, start, at] = scope.locals('i32', 3) as [Local<'i32'>, Local<'i32'>, Local<'i32'>]
  const element = i32.add(get(start), get(at))
  const ofRow = turns(at, lengths.outputs, (turn) =>
    write({
      load: matrixLoad(turn, { element, output: get(at), input: get(row) }),
      store: (column, value) => turn.store(i32.add(get(column), element), value),
      counted: turn.counted,
      numbers: turn.numbers(i32x4.splat(wordsOf(element))),
    }),
  )
  return sequence(
    set(row, i32.constant(0)),
    set(start, i32.constant(0)),
    whileTrue(
      i32.lt_u(get(row), get(lengths.inputs)),
      sequence(
        before,
        ofRow,
        after((column, value) => SINGLE.store(i32.add(get(column), get(row)), value)),
        increase(start, get(lengths.outputs)),
        increase(row, i32.constant(FLOAT)),
      ),
    ),
  )
}

/** The same, output by output: four of them in the lanes, down all inputs. */
export function outputLoop(
  scope: FunctionScope,
  lengths: Lengths,
  write: (elements: Elements) => Statement,
  { before, after }: Around,
): Statement {
  const [row, start, at] = scope.locals('i32', 3) as [Local<'i32'>, Local<'i32'>, Local<'i32'>]
  const element = i32.add(get(start), get(at))
  return turns(at, lengths.outputs, (turn) =>
    sequence(
      before,
      set(row, i32.constant(0)),
      set(start, i32.constant(0)),
      whileTrue(
        i32.lt_u(get(row), get(lengths.inputs)),
        sequence(
          write({
            load: matrixLoad(turn, { element, output: get(at), input: get(row) }),
            store: (column, value) => turn.store(i32.add(get(column), element), value),
            // Each lane adds up an output of its own.
            counted: (value) => value,
            numbers: turn.numbers(i32x4.splat(wordsOf(element))),
          }),
          increase(start, get(lengths.outputs)),
          increase(row, i32.constant(FLOAT)),
        ),
      ),
      after((column, value) => turn.store(i32.add(get(column), get(at)), value)),
    ),
  )
}

/** Reads a column at the element, output or input of a turn. */
function matrixLoad(
  turn: Turn,
  at: Readonly<Record<'element' | 'output' | 'input', Integer>>,
): Elements['load'] {
  return (column, extent) => {
    if (extent === 'per input') return SINGLE.load(i32.add(get(column), at.input))
    return turn.load(i32.add(get(column), extent === 'per output' ? at.output : at.element))
  }
}

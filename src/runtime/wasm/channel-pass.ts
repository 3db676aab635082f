import { increase, repeatBelow, whileFits } from '../../wasm/control.ts'
import type { FunctionScope } from '../../wasm/function.ts'
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
 * Passes over matrices of 32-bit floats [rows, channels], row after row, up to four vectors of channels at a time: 64 bytes, a line of
 * the cache.
 */

const VECTOR = 16

/** How many vectors of channels are taken at a time. */
const WIDTHS = [4, 2, 1] as const

/** Registers of one of the vectors that are taken at a time, by name. */
type Registers<Names extends string> = Readonly<Record<Names, VectorLocal>>

/** What a pass is made of. `Kept`: values of a channel, in registers for all of its rows; `Free`: registers for one row. */
interface Pass<Kept extends string, Free extends string> {
  /** The channels of one row, a multiple of 16 bytes. */
  readonly rowBytes: IntegerLocal
  /** Bytes of the matrices. */
  readonly size: IntegerLocal
  /** The matrices that the pass walks through. */
  readonly matrices: readonly IntegerLocal[]
  /** Where values of a channel are loaded from; those that are not start as 0. */
  readonly load: Readonly<Partial<Record<Kept, IntegerLocal>>>
  readonly kept: readonly Kept[]
  readonly free: readonly Free[]
  /** Where values of a channel are written to behind the last row. */
  readonly store?: Readonly<Partial<Record<Kept, IntegerLocal>>>
  /** The work on a vector of a row: `at` are its addresses in the matrices, to each of which `offset` is added. */
  readonly body: (
    registers: Registers<Kept | Free>,
    at: readonly IntegerLocal[],
    offset: number,
  ) => Statement
}

/** A pass as a statement of a function. */
export function passOver<Kept extends string, Free extends string>(
  scope: FunctionScope,
  pass: Pass<Kept, Free>,
): Statement {
  const { rowBytes, size, matrices, kept, free, load, store = {}, body } = pass
  const column = scope.local('i32')
  const end = scope.local('i32')
  const pointers = scope.locals('i32', matrices.length)
  const registersFor = <Names extends string>(names: readonly Names[]): Registers<Names> =>
    Object.fromEntries(names.map((name) => [name, scope.local('v128')])) as Registers<Names>
  const vectors = Array.from({ length: WIDTHS[0] }, () => registersFor(kept))
  const scratch = registersFor(free)
  const channel = (address: IntegerLocal): Integer => i32.add(get(address), get(column))
  const block = (width: number): Statement => {
    const used = vectors.slice(0, width)
    const first = pointers[0]!
    return sequence(
      ...used.flatMap((registers, index) =>
        kept.map((name) => {
          const from = load[name]
          const value =
            from === undefined ? f32x4.constant(0) : v128.load(channel(from), VECTOR * index)
          return set(registers[name], value)
        }),
      ),
      ...pointers.map((pointer, index) => set(pointer, channel(matrices[index]!))),
      set(end, i32.add(get(first), get(size))),
      repeatBelow(
        first,
        get(end),
        sequence(
          ...used.map((registers, index) =>
            body({ ...registers, ...scratch } as Registers<Kept | Free>, pointers, VECTOR * index),
          ),
          ...pointers.map((pointer) => increase(pointer, get(rowBytes))),
        ),
      ),
      ...used.flatMap((registers, index) =>
        kept.flatMap((name) => {
          const to = store[name as keyof typeof store] as IntegerLocal | undefined
          return to === undefined
            ? []
            : [v128.store(channel(to), get(registers[name]), VECTOR * index)]
        }),
      ),
    )
  }
  return sequence(
    set(column, i32.constant(0)),
    ...WIDTHS.map((width) => whileFits(column, VECTOR * width, get(rowBytes), block(width))),
  )
}

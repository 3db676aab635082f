import { increase, repeatBelow, whileFits } from '../../wasm/control.ts'
import { type ExportedFunction, type FunctionScope, defineFunction } from '../../wasm/function.ts'
import { f32x4, i32, v128 } from '../../wasm/operations.ts'
import {
  get,
  sequence,
  set,
  type Integer,
  type IntegerLocal,
  type Statement,
  type Vector,
  type VectorLocal,
} from '../../wasm/tree.ts'
import { sigmoid } from './sigmoid-code.ts'

/**
 * Passes over a matrix of 32-bit floats [rows, channels] for batch normalisation and swish, row after row, up to four vectors of
 * channels at a time: 64 bytes, a line of the cache. `rowBytes`: the channels of one row, a multiple of 16 bytes; parameters named
 * after a channel value are addresses of one float per channel.
 */

const VECTOR = 16

/** How many vectors of channels are taken at a time. */
const WIDTHS = [4, 2, 1] as const

/** Registers of one of the vectors that are taken at a time, by name. */
type Registers<Names extends string> = Readonly<Record<Names, VectorLocal>>

/** What a pass is made of. `Kept`: values of a channel, in registers for all of its rows; `Free`: registers for one row. */
interface Pass<Kept extends string, Free extends string> {
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

function passOver<Kept extends string, Free extends string>(
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

/** sums = sum over rows of x. */
const channelSums = () =>
  defineFunction('channelSums', ['x', 'rowBytes', 'size', 'sums'], (p, scope) =>
    passOver(scope, {
      ...p,
      matrices: [p.x],
      kept: ['total'],
      free: [],
      load: {},
      store: { total: p.sums },
      body: ({ total }, [x], offset) =>
        set(total, f32x4.add(get(total), v128.load(get(x!), offset))),
    }),
  )

/** squares = sum over rows of (x - mean)^2. */
const channelSquares = () =>
  defineFunction('channelSquares', ['x', 'rowBytes', 'size', 'mean', 'squares'], (p, scope) =>
    passOver(scope, {
      ...p,
      matrices: [p.x],
      kept: ['mean', 'total'],
      free: ['centered'],
      load: { mean: p.mean },
      store: { total: p.squares },
      body: ({ mean, total, centered }, [x], offset) =>
        sequence(
          set(centered, f32x4.sub(v128.load(get(x!), offset), get(mean))),
          set(total, f32x4.add(get(total), f32x4.mul(get(centered), get(centered)))),
        ),
    }),
  )

/** y = z sigmoid(z) with z = (x - mean) scale + shift. */
const swish = () =>
  defineFunction('swish', ['x', 'rowBytes', 'size', 'mean', 'scale', 'shift', 'y'], (p, scope) =>
    passOver(scope, {
      ...p,
      matrices: [p.x, p.y],
      kept: ['mean', 'scale', 'shift'],
      free: ['z'],
      load: { mean: p.mean, scale: p.scale, shift: p.shift },
      body: ({ mean, scale, shift, z }, [x, y], offset) =>
        sequence(
          set(z, affine(f32x4.sub(v128.load(get(x!), offset), get(mean)), scale, shift)),
          v128.store(get(y!), f32x4.mul(get(z), sigmoid(get(z))), offset),
        ),
    }),
  )

/**
 * dz = dy times the derivative of swish at z = (x - mean) scale + shift, which is s + z s (1 - s) for s = sigmoid(z);
 * sums = sum over rows of dz, products = sum over rows of dz (x - mean).
 */
const swishGradient = () =>
  defineFunction(
    'swishGradient',
    ['x', 'rowBytes', 'size', 'mean', 'scale', 'shift', 'dy', 'dz', 'sums', 'products'],
    (p, scope) =>
      passOver(scope, {
        ...p,
        matrices: [p.x, p.dy, p.dz],
        kept: ['mean', 'scale', 'shift', 'sum', 'product'],
        free: ['centered', 'z', 'probability', 'slope'],
        load: { mean: p.mean, scale: p.scale, shift: p.shift },
        store: { sum: p.sums, product: p.products },
        body: (registers, [x, dy, dz], offset) => {
          const { mean, scale, shift, sum, product, centered, z, probability, slope } = registers
          const s = get(probability)
          const derivative = f32x4.add(
            s,
            f32x4.mul(f32x4.mul(get(z), s), f32x4.sub(f32x4.constant(1), s)),
          )
          return sequence(
            set(centered, f32x4.sub(v128.load(get(x!), offset), get(mean))),
            set(z, affine(get(centered), scale, shift)),
            set(probability, sigmoid(get(z))),
            set(slope, f32x4.mul(v128.load(get(dy!), offset), derivative)),
            set(sum, f32x4.add(get(sum), get(slope))),
            set(product, f32x4.add(get(product), f32x4.mul(get(slope), get(centered)))),
            v128.store(get(dz!), get(slope), offset),
          )
        },
      }),
  )

/** dz becomes dz a + (x - mean) b + c. */
const combine = () =>
  defineFunction('combine', ['x', 'rowBytes', 'size', 'mean', 'dz', 'a', 'b', 'c'], (p, scope) =>
    passOver(scope, {
      ...p,
      matrices: [p.x, p.dz],
      kept: ['mean', 'a', 'b', 'c'],
      free: [],
      load: { mean: p.mean, a: p.a, b: p.b, c: p.c },
      body: ({ mean, a, b, c }, [x, dz], offset) =>
        v128.store(
          get(dz!),
          f32x4.add(
            f32x4.mul(v128.load(get(dz!), offset), get(a)),
            affine(f32x4.sub(v128.load(get(x!), offset), get(mean)), b, c),
          ),
          offset,
        ),
    }),
  )

const affine = (x: Vector, scale: VectorLocal, shift: VectorLocal): Vector =>
  f32x4.add(f32x4.mul(x, get(scale)), get(shift))

/** The functions of this file. */
export const normalizationCode = (): ExportedFunction[] =>
  [channelSums, channelSquares, swish, swishGradient, combine].map((write) => write())

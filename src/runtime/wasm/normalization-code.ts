import { increase, repeatBelow } from '../../wasm/control.ts'
import { type ExportedFunction, type FunctionScope, defineFunction } from '../../wasm/function.ts'
import { f32x4, i32, v128 } from '../../wasm/operations.ts'
import {
  get,
  sequence,
  set,
  type IntegerLocal,
  type Statement,
  type Vector,
  type VectorLocal,
} from '../../wasm/tree.ts'
import { sigmoid } from './sigmoid-code.ts'

/**
 * Passes over a matrix of 32-bit floats [rows, channels], a channel vector at a time, for batch normalisation and swish.
 * `rowBytes`: the channels of one row, a multiple of 16 bytes; parameters named after a channel value are addresses of one
 * float per channel.
 */

const VECTOR = 16

/** Runs `body` for each vector of channels at byte offset `column`, with the `constants` of that vector loaded. */
function byChannels(
  column: IntegerLocal,
  rowBytes: IntegerLocal,
  constants: readonly (readonly [register: VectorLocal, address: IntegerLocal])[],
  body: Statement,
): Statement {
  return sequence(
    set(column, i32.constant(0)),
    repeatBelow(
      column,
      get(rowBytes),
      sequence(
        ...constants.map(([register, address]) =>
          set(register, v128.load(i32.add(get(address), get(column)))),
        ),
        body,
        increase(column, i32.constant(VECTOR)),
      ),
    ),
  )
}

/** Runs `body` for each row, `pointers` moving along one vector of channels of matrices with those addresses. */
function byRowsOf(
  column: IntegerLocal,
  rowBytes: IntegerLocal,
  size: IntegerLocal,
  end: IntegerLocal,
  pointers: readonly (readonly [pointer: IntegerLocal, matrix: IntegerLocal])[],
  body: Statement,
): Statement {
  const first = pointers[0]![0]
  return sequence(
    ...pointers.map(([pointer, matrix]) => set(pointer, i32.add(get(matrix), get(column)))),
    set(end, i32.add(get(first), get(size))),
    repeatBelow(
      first,
      get(end),
      sequence(body, ...pointers.map(([pointer]) => increase(pointer, get(rowBytes)))),
    ),
  )
}

/** sums = sum over rows of x. */
const channelSums = () =>
  defineFunction('channelSums', ['x', 'rowBytes', 'size', 'sums'], (p, scope) => {
    const [column, end, at] = three(scope)
    const total = scope.local('v128')
    return byChannels(
      column,
      p.rowBytes,
      [],
      sequence(
        set(total, f32x4.constant(0)),
        byRowsOf(
          column,
          p.rowBytes,
          p.size,
          end,
          [[at, p.x]],
          set(total, f32x4.add(get(total), v128.load(get(at)))),
        ),
        v128.store(i32.add(get(p.sums), get(column)), get(total)),
      ),
    )
  })

/** squares = sum over rows of (x - mean)^2. */
const channelSquares = () =>
  defineFunction('channelSquares', ['x', 'rowBytes', 'size', 'mean', 'squares'], (p, scope) => {
    const [column, end, at] = three(scope)
    const [total, mean, centered] = threeVectors(scope)
    return byChannels(
      column,
      p.rowBytes,
      [[mean, p.mean]],
      sequence(
        set(total, f32x4.constant(0)),
        byRowsOf(
          column,
          p.rowBytes,
          p.size,
          end,
          [[at, p.x]],
          sequence(
            set(centered, f32x4.sub(v128.load(get(at)), get(mean))),
            set(total, f32x4.add(get(total), f32x4.mul(get(centered), get(centered)))),
          ),
        ),
        v128.store(i32.add(get(p.squares), get(column)), get(total)),
      ),
    )
  })

/** y = z sigmoid(z) with z = (x - mean) scale + shift. */
const swish = () =>
  defineFunction('swish', ['x', 'rowBytes', 'size', 'mean', 'scale', 'shift', 'y'], (p, scope) => {
    const [column, end, from] = three(scope)
    const to = scope.local('i32')
    const [mean, scale, shift] = threeVectors(scope)
    const z = scope.local('v128')
    return sequence(
      byChannels(
        column,
        p.rowBytes,
        [
          [mean, p.mean],
          [scale, p.scale],
          [shift, p.shift],
        ],
        byRowsOf(
          column,
          p.rowBytes,
          p.size,
          end,
          [
            [from, p.x],
            [to, p.y],
          ],
          sequence(
            set(z, affine(f32x4.sub(v128.load(get(from)), get(mean)), scale, shift)),
            v128.store(get(to), f32x4.mul(get(z), sigmoid(get(z)))),
          ),
        ),
      ),
    )
  })

/**
 * dz = dy times the derivative of swish at z = (x - mean) scale + shift, which is s + z s (1 - s) for s = sigmoid(z);
 * sums = sum over rows of dz, products = sum over rows of dz (x - mean).
 */
const swishGradient = () =>
  defineFunction(
    'swishGradient',
    ['x', 'rowBytes', 'size', 'mean', 'scale', 'shift', 'dy', 'dz', 'sums', 'products'],
    (p, scope) => {
      const [column, end, from] = three(scope)
      const slope = scope.local('i32')
      const to = scope.local('i32')
      const [mean, scale, shift] = threeVectors(scope)
      const [z, centered, dz] = threeVectors(scope)
      const [sums, products] = threeVectors(scope)
      const probability = scope.local('v128')
      const s = get(probability)
      return sequence(
        byChannels(
          column,
          p.rowBytes,
          [
            [mean, p.mean],
            [scale, p.scale],
            [shift, p.shift],
          ],
          sequence(
            set(sums, f32x4.constant(0)),
            set(products, f32x4.constant(0)),
            byRowsOf(
              column,
              p.rowBytes,
              p.size,
              end,
              [
                [from, p.x],
                [slope, p.dy],
                [to, p.dz],
              ],
              sequence(
                set(centered, f32x4.sub(v128.load(get(from)), get(mean))),
                set(z, affine(get(centered), scale, shift)),
                set(probability, sigmoid(get(z))),
                set(
                  dz,
                  f32x4.mul(
                    v128.load(get(slope)),
                    f32x4.add(s, f32x4.mul(f32x4.mul(get(z), s), f32x4.sub(f32x4.constant(1), s))),
                  ),
                ),
                set(sums, f32x4.add(get(sums), get(dz))),
                set(products, f32x4.add(get(products), f32x4.mul(get(dz), get(centered)))),
                v128.store(get(to), get(dz)),
              ),
            ),
            v128.store(i32.add(get(p.sums), get(column)), get(sums)),
            v128.store(i32.add(get(p.products), get(column)), get(products)),
          ),
        ),
      )
    },
  )

/** dz becomes dz a + (x - mean) b + c. */
const combine = () =>
  defineFunction('combine', ['x', 'rowBytes', 'size', 'mean', 'dz', 'a', 'b', 'c'], (p, scope) => {
    const [column, end, from] = three(scope)
    const at = scope.local('i32')
    const mean = scope.local('v128')
    const [a, b, c] = threeVectors(scope)
    return byChannels(
      column,
      p.rowBytes,
      [
        [mean, p.mean],
        [a, p.a],
        [b, p.b],
        [c, p.c],
      ],
      byRowsOf(
        column,
        p.rowBytes,
        p.size,
        end,
        [
          [from, p.x],
          [at, p.dz],
        ],
        v128.store(
          get(at),
          f32x4.add(
            f32x4.mul(v128.load(get(at)), get(a)),
            affine(f32x4.sub(v128.load(get(from)), get(mean)), b, c),
          ),
        ),
      ),
    )
  })

const affine = (x: Vector, scale: VectorLocal, shift: VectorLocal): Vector =>
  f32x4.add(f32x4.mul(x, get(scale)), get(shift))

function three(scope: FunctionScope): [IntegerLocal, IntegerLocal, IntegerLocal] {
  return [scope.local('i32'), scope.local('i32'), scope.local('i32')]
}

function threeVectors(scope: FunctionScope): [VectorLocal, VectorLocal, VectorLocal] {
  return [scope.local('v128'), scope.local('v128'), scope.local('v128')]
}

/** The functions of this file. */
export const normalizationCode = (): ExportedFunction[] =>
  [channelSums, channelSquares, swish, swishGradient, combine].map((write) => write())

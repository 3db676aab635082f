import { increase, repeatBelow, whileFits } from '../../wasm/control.ts'
import { type ExportedFunction, defineFunction } from '../../wasm/function.ts'
import { f32x4, i32, v128 } from '../../wasm/operations.ts'
import { get, sequence, set } from '../../wasm/tree.ts'
import { VECTOR } from './tile-code.ts'

/**
 * to[position][channel] += a[position][channel] b[position][channel], for `positions` positions of `rowBytes` bytes of channels, a
 * multiple of 16. Each matrix moves on by its own number of bytes from one position to the next, 0 for one row that stays.
 */
const addProducts = () =>
  defineFunction(
    'addProducts',
    ['a', 'b', 'to', 'rowBytes', 'aStep', 'bStep', 'toStep', 'positions'],
    (p, scope) => {
      const [column, count, aAt, bAt, toAt] = scope.locals('i32', 5)
      const body = sequence(
        set(count!, i32.constant(0)),
        ...([[aAt, p.a] as const, [bAt, p.b] as const, [toAt, p.to] as const] as const).map(
          ([at, start]) => set(at!, i32.add(get(start), get(column!))),
        ),
        repeatBelow(
          count!,
          get(p.positions),
          sequence(
            v128.store(
              get(toAt!),
              f32x4.add(
                v128.load(get(toAt!)),
                f32x4.mul(v128.load(get(aAt!)), v128.load(get(bAt!))),
              ),
            ),
            increase(aAt!, get(p.aStep)),
            increase(bAt!, get(p.bStep)),
            increase(toAt!, get(p.toStep)),
            increase(count!, i32.constant(1)),
          ),
        ),
      )
      return sequence(
        set(column!, i32.constant(0)),
        whileFits(column!, VECTOR, get(p.rowBytes), body),
      )
    },
  )

/** The functions of this file. */
export const depthwiseCode = (): ExportedFunction[] => [addProducts()]

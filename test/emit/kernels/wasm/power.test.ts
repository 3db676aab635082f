import { describe, expect, test } from 'vitest'
import { power } from '../../../../src/emit/kernels/wasm/functions/power.ts'
import { createRandom, rootKey } from '../../../../src/operators/random.ts'
import { increase, repeatBelow } from '../../../../src/wasm/control.ts'
import { defineFunction } from '../../../../src/wasm/function.ts'
import { f32x4, i32, v128 } from '../../../../src/wasm/operations.ts'
import { get, sequence } from '../../../../src/wasm/tree.ts'
import { corners, drawNumber, unitsOff } from '../../../operators/points.ts'
import { FREE, instantiate } from '../../../wasm/instantiate.ts'

const RANDOM_POINTS = 8000

/** Powers in place with an exponent that is a constant. */
const kernel = (exponent: number) =>
  defineFunction('run', ['at', 'end'], ({ at, end }) =>
    repeatBelow(
      at,
      get(end),
      sequence(
        v128.store(get(at), power(v128.load(get(at)), f32x4.constant(exponent))),
        increase(at, i32.constant(16)),
      ),
    ),
  )

const wholes = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((count) => [count, -count])

describe('powers with constant exponents', () => {
  test.each([...wholes, 0, -0, 9, -9, 0.5, -0.5, 2.5, 1e9, Infinity, -Infinity, NaN])(
    '%d',
    (exponent) => {
      const { memory, functions } = instantiate([kernel(exponent)])
      const random = createRandom(rootKey(9))
      const drawn = Array.from({ length: RANDOM_POINTS }, () => drawNumber(random))
      const bases = Float32Array.from([...corners, ...drawn])
      const values = new Float32Array(memory.buffer, FREE, bases.length)
      values.set(bases)
      functions['run']!(FREE, FREE + 16 * Math.ceil(bases.length / 4))
      for (const [index, base] of bases.entries()) {
        const isOne =
          exponent === 0 || base === 1 || (base === -1 && Math.abs(exponent) === Infinity)
        const meaning = isOne ? 1 : base ** exponent
        const wanted = Math.fround(meaning)
        const isNear =
          values[index] !== 0 && wanted !== 0 && unitsOff(values[index]!, meaning) <= 0.51
        if (!isNear) expect([base, values[index]]).toEqual([base, wanted])
      }
    },
  )
})

import { describe, expect, test } from 'vitest'
import { larger, smaller } from '../../../../src/emit/kernels/wasm/functions/floats.ts'
import { power } from '../../../../src/emit/kernels/wasm/functions/power.ts'
import { createRandom, rootKey } from '../../../../src/operators/random.ts'
import { increase, repeatBelow } from '../../../../src/wasm/control.ts'
import { defineFunction } from '../../../../src/wasm/function.ts'
import { f32x4, i32, v128 } from '../../../../src/wasm/operations.ts'
import { get, sequence, type Vector } from '../../../../src/wasm/tree.ts'
import { corners, drawNumber, unitsOff } from '../../../operators/points.ts'
import { FREE, instantiate } from '../../../wasm/instantiate.ts'

const RANDOM_POINTS = 8000

/** Corners and random numbers, and what `write` makes of them. */
function valuesOf(write: (x: Vector) => Vector): { x: Float32Array; values: Float32Array } {
  const kernel = defineFunction('run', ['at', 'end'], ({ at, end }) =>
    repeatBelow(
      at,
      get(end),
      sequence(v128.store(get(at), write(v128.load(get(at)))), increase(at, i32.constant(16))),
    ),
  )
  const { memory, functions } = instantiate([kernel])
  const random = createRandom(rootKey(9))
  const drawn = Array.from({ length: RANDOM_POINTS }, () => drawNumber(random))
  const x = Float32Array.from([...corners, ...drawn])
  const values = new Float32Array(memory.buffer, FREE, x.length)
  values.set(x)
  functions['run']!(FREE, FREE + 16 * Math.ceil(x.length / 4))
  return { x, values }
}

const wholes = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((count) => [count, -count])

describe('powers with constant exponents', () => {
  const others = [0, -0, 9, -9, 0.5, -0.5, 2.5, 1e9, Infinity, -Infinity, NaN]
  test.each([...wholes, ...others])('%d', (exponent) => {
    const { x, values } = valuesOf((base) => power(base, f32x4.constant(exponent)))
    for (const [index, base] of x.entries()) {
      const isOne = exponent === 0 || base === 1 || (base === -1 && Math.abs(exponent) === Infinity)
      const meaning = isOne ? 1 : base ** exponent
      const wanted = Math.fround(meaning)
      const isZero = values[index] === 0 || wanted === 0
      if (isZero || unitsOff(values[index]!, meaning) > 0.51)
        expect([base, values[index]]).toEqual([base, wanted])
    }
  })
})

describe('the smaller and the larger of numbers and constants', () => {
  const sides = [
    ['min', smaller, Math.min],
    ['max', larger, Math.max],
  ] as const
  const constants = [0, -0, 1, -1, 1.4e-45, 88, Infinity, -Infinity, NaN]
  const cases = sides.flatMap(([name, write, meaning]) =>
    constants.map((constant) => ({ name, write, meaning, constant: Math.fround(constant) })),
  )
  test.each(cases)('$name, $constant', ({ write, meaning, constant }) => {
    const given = f32x4.constant(constant)
    const { x, values } = valuesOf((number) => write(number, given))
    expect(valuesOf((number) => write(given, number)).values).toEqual(values)
    expect(values).toEqual(x.map((number) => meaning(number, constant)))
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defineFunction } from '../../src/wasm/function.ts'
import { clearMemory, copyMemory, f32, f64, i32 } from '../../src/wasm/operations.ts'
import { get, sequence } from '../../src/wasm/tree.ts'
import { FREE, instantiate } from './instantiate.ts'

describe('scalars', () => {
  const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
  const integers = {
    eqz: (a: number) => Number(a === 0),
    eq: (a: number, b: number) => Number(a === b),
    lt_s: (a: number, b: number) => Number(a < b),
    lt_u: (a: number, b: number) => Number(a >>> 0 < b >>> 0),
    gt_u: (a: number, b: number) => Number(a >>> 0 > b >>> 0),
    ge_u: (a: number, b: number) => Number(a >>> 0 >= b >>> 0),
    add: (a: number, b: number) => (a + b) | 0,
    sub: (a: number, b: number) => (a - b) | 0,
    mul: Math.imul,
    and: (a: number, b: number) => a & b,
    or: (a: number, b: number) => a | b,
    xor: (a: number, b: number) => a ^ b,
    shl: (a: number, b: number) => a << b,
    shr_u: (a: number, b: number) => (a >>> b) | 0,
    rotl: (a: number, b: number) => (a << b) | (a >>> -b),
  } satisfies Record<
    Exclude<keyof typeof i32, 'constant' | 'load' | 'store'>,
    (a: number, b: number) => number
  >

  test.each(Object.keys(integers) as (keyof typeof integers)[])('i32.%s', (name) => {
    const { memory, functions } = instantiate([
      defineFunction('run', ['a', 'b'], ({ a, b }) =>
        i32.store(i32.constant(FREE), i32[name](get(a), get(b)), 8),
      ),
    ])
    const equalOrNot = fc.oneof(
      fc.tuple(word, word),
      word.map((a) => [a, a] as const),
    )
    fc.assert(
      fc.property(equalOrNot, ([a, b]) => {
        functions['run']!(a, b)
        expect(new Int32Array(memory.buffer)[FREE / 4 + 2]).toBe(integers[name](a, b))
      }),
    )
  })

  test('loads, stores, constants and conversions of scalars', () => {
    const at = i32.constant(FREE)
    const sum = defineFunction('run', [], () =>
      sequence(
        f32.store(at, f32.demote(f64.load(at, 8)), 16),
        f32.store(at, f32.demote(f64.promote(f32.load(at))), 20),
        f32.store(at, f32.constant(0.1), 24),
        f32.store(at, f32.demote(f64.constant(0.1)), 28),
        i32.store(at, i32.load(at), 32),
      ),
    )
    const { memory, functions } = instantiate([sum])
    const floats32 = new Float32Array(memory.buffer, FREE)
    floats32[0] = 0.3
    new Float64Array(memory.buffer, FREE)[1] = 1 / 3
    functions['run']!()
    const wanted = [1 / 3, floats32[0], 0.1, 0.1, floats32[0]].map(Math.fround)
    expect([...floats32.slice(4, 9)]).toEqual(wanted)
  })

  test.each([0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, 8192, -8193, 2 ** 31 - 1, -(2 ** 31)])(
    'the i32 constant %d',
    (value) => {
      const { memory, functions } = instantiate([
        defineFunction('run', [], () => i32.store(i32.constant(FREE), i32.constant(value))),
      ])
      functions['run']!()
      expect(new Int32Array(memory.buffer)[FREE / 4]).toBe(value)
    },
  )
})

test('memory is copied and cleared', () => {
  const { memory, functions } = instantiate([
    defineFunction('copy', ['to', 'from', 'size'], ({ to, from, size }) =>
      copyMemory(get(to), get(from), get(size)),
    ),
    defineFunction('clear', ['to', 'size'], ({ to, size }) => clearMemory(get(to), get(size))),
  ])
  const bytes = new Uint8Array(memory.buffer)
  bytes.set([1, 2, 3, 4, 5], FREE)
  functions['copy']!(FREE + 2, FREE, 3)
  expect([...bytes.slice(FREE, FREE + 6)]).toEqual([1, 2, 1, 2, 3, 0])
  functions['clear']!(FREE + 1, 3)
  expect([...bytes.slice(FREE, FREE + 6)]).toEqual([1, 0, 0, 0, 3, 0])
})

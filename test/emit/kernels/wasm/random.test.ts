import '../../../wasm/relaxed-simd.ts'
import { describe, expect, test } from 'vitest'
import { elementLoop } from '../../../../src/emit/kernels/wasm/element-loop.ts'
import { spellings, type Builder, type Form } from '../../../../src/emit/kernels/wasm/spellings.ts'
import { threefry } from '../../../../src/emit/kernels/wasm/functions/random.ts'
import type { RandomOperator } from '../../../../src/operators/operator.ts'
import { createRandom, rootKey, threefry as reference } from '../../../../src/operators/random.ts'
import { operatorByName } from '../../../../src/operators/table.ts'
import { defineFunction } from '../../../../src/wasm/function.ts'
import { f32x4, i32x4 } from '../../../../src/wasm/operations.ts'
import { get, type Vector } from '../../../../src/wasm/tree.ts'
import { FREE, instantiate } from '../../../wasm/instantiate.ts'
import { encodings } from './expected.ts'

const ELEMENTS = 4098
const X = FREE + 4 * ELEMENTS

/** Writes to FREE, for each of the elements, what `write` gives for the words it may draw and the floats at X. */
function elementKernel(write: (words: Vector, x: Vector) => Vector) {
  return defineFunction('run', ['high', 'low', 'step', 'to', 'from', 'bytes'], (p, scope) =>
    elementLoop(scope, p.bytes, ({ load, store, numbers }) => {
      const [high, low, step] = [p.high, p.low, p.step].map((number) => i32x4.splat(get(number)))
      return store(p.to, write(threefry(high!, low!, step!, numbers), load(p.from)))
    }),
  )
}

const keys = [
  { high: 0, low: 0, step: 0 },
  { high: 0x13198a2e, low: 0x3707344, step: 1 },
  { high: 0xffffffff, low: 0x80000001, step: 123456789 },
]

describe.each(encodings)('vectors of WebAssembly, %o', (encoding) => {
  const run = (write: (words: Vector, x: Vector) => Vector, x?: Float32Array) => {
    const { memory, functions } = instantiate([elementKernel(write)], encoding, 4)
    if (x !== undefined) new Float32Array(memory.buffer, X).set(x)
    return ({ high, low, step }: (typeof keys)[number]) => {
      functions['run']!(high, low, step, FREE, X, 4 * ELEMENTS)
      return memory.buffer.slice(FREE, FREE + 4 * ELEMENTS)
    }
  }
  const wordsOf = (key: (typeof keys)[number]): number[] =>
    Array.from({ length: ELEMENTS }, (_, element) => reference(key, key.step, element)[0])

  test('words are those of the reference', () => {
    const words = run((drawn) => drawn)
    for (const key of keys) expect([...new Uint32Array(words(key))]).toEqual(wordsOf(key))
  })

  const apply = (form: Form, words: Vector, ...arguments_: Vector[]): Vector => {
    const builder: Builder = { words: () => words }
    return form(builder, ...arguments_)
  }
  const rowOf = (name: string): RandomOperator => operatorByName(name) as RandomOperator

  test('normal numbers are equal to the bit', () => {
    const { draw } = rowOf('normal')
    const normal = run((words) => apply(spellings.normal, words))
    for (const key of keys)
      expect([...new Float32Array(normal(key))]).toEqual(wordsOf(key).map(draw))
  })

  test('normal numbers of extreme words', () => {
    const { draw } = rowOf('normal')
    const random = createRandom(rootKey(5))
    const thresholds = [0, 0.075, 0.5, 0.925, 1].map((p) => p * 2 ** 32)
    const near = thresholds.flatMap((word) => [-2, -1, 0, 1, 2].map((by) => word + by))
    // Words of all sizes, and what is as near to the other end.
    const word = (index: number): number => {
      const size = 2 ** (32 * random.uniform())
      return index % 2 === 0 ? size : 2 ** 32 - size
    }
    const words = Uint32Array.from({ length: ELEMENTS }, (_, index) => near[index] ?? word(index))
    const normal = run((_, x) => apply(spellings.normal, x), new Float32Array(words.buffer))
    expect([...new Float32Array(normal(keys[0]!))]).toEqual([...words].map(draw))
  })

  test.each([0, 0.1, 0.5, 1 / 3, 1 - 2 ** -24])(
    'dropout at the rate %d is equal to the bit',
    (rate) => {
      const { draw } = rowOf('dropout')
      const random = createRandom(rootKey(6))
      const x = Float32Array.from(
        { length: ELEMENTS },
        () => random.normal() * 2 ** random.integer(40),
      )
      x.set([NaN, Infinity, -Infinity, -0, 0])
      // In 32 bits, as emitted classes take the rate.
      const single = Math.fround(rate)
      const kept = Math.fround(1 - single)
      const dropout = run(
        (words, values) => apply(spellings.dropout, words, values, f32x4.constant(rate)),
        x,
      )
      for (const key of keys)
        expect([...new Float32Array(dropout(key))]).toEqual(
          wordsOf(key).map((word, element) =>
            draw(word) >= single ? Math.fround(x[element]! / kept) : 0,
          ),
        )
    },
  )
})

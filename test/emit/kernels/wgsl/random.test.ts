import { describe, expect, test } from 'vitest'
import {
  createBuilder,
  literal,
  type ShaderFunction,
} from '../../../../src/emit/kernels/wgsl/functions.ts'
import { firstWord } from '../../../../src/emit/kernels/wgsl/functions/random.ts'
import { spellings } from '../../../../src/emit/kernels/wgsl/spellings.ts'
import type { RandomOperator } from '../../../../src/operators/operator.ts'
import { createRandom, rootKey, threefry as reference } from '../../../../src/operators/random.ts'
import { operatorByName } from '../../../../src/operators/table.ts'
import { unitsOff } from '../../../operators/points.ts'
import { changes } from './expected.ts'
import { compileElements, inElements } from './run-row.ts'
import { openDevice } from './shader.ts'

const ELEMENTS = 65536

const keys = [
  { high: 0, low: 0, step: 0 },
  { high: 0x13198a2e, low: 0x3707344, step: 1 },
  { high: 0xffffffff, low: 0x80000001, step: 123456789 },
]

const rowOf = (name: string): RandomOperator => operatorByName(name) as RandomOperator

const device = await openDevice()

describe.skipIf(device === undefined)('random numbers of WGSL', () => {
  test.each(keys)('words are those of the reference: %o', async ({ high, low, step }) => {
    const numbers = Uint32Array.from({ length: ELEMENTS }, (_, element) => element)
    const run = await compileElements(device!, ['u32'], 'u32', (called, [element]) =>
      createBuilder(called, inElements()).call(
        firstWord,
        `vec2u(${high}u, ${low}u)`,
        `${step}u`,
        element!,
      ),
    )
    const words = new Uint32Array(await run(numbers))
    expect(words).toEqual(numbers.map((element) => reference({ high, low }, step, element)[0]))
  })

  const normalOf = (called: Set<ShaderFunction>, [words]: readonly string[]): string =>
    spellings.normal(createBuilder(called, inElements(words)))

  test.each(changes)('normal numbers are equal but for a last bit, %s', async (_, change) => {
    const { draw } = rowOf('normal')
    const run = await compileElements(device!, ['u32'], 'f32', normalOf, change)
    const random = createRandom(rootKey(4))
    const words = Uint32Array.from({ length: ELEMENTS }, () => random.integer(2 ** 32))
    const values = new Float32Array(await run(words))
    let equal = 0
    words.forEach((word, at) => {
      const wanted = draw(word)
      if (Object.is(values[at], wanted)) equal++
      else expect(unitsOff(values[at]!, wanted), `${word}`).toBeLessThanOrEqual(1)
    })
    expect(equal / ELEMENTS).toBeGreaterThan(0.97)
    if (process.env['PRINT']) console.log('equal', equal / ELEMENTS)
  })

  test('normal numbers of extreme words', async () => {
    const { draw } = rowOf('normal')
    const run = await compileElements(device!, ['u32'], 'f32', normalOf)
    const random = createRandom(rootKey(5))
    const thresholds = [0, 0.075, 0.5, 0.925, 1].map((p) => p * 2 ** 32)
    const near = thresholds.flatMap((word) => [-2, -1, 0, 1, 2].map((by) => word + by))
    // Words of all sizes, what is as near to the other end, and as near to the middle.
    const word = (index: number): number => {
      const size = 2 ** (32 * random.uniform())
      return [size, 2 ** 32 - size, 2 ** 31 + size / 2, 2 ** 31 - size / 2][index % 4]!
    }
    const words = Uint32Array.from({ length: ELEMENTS }, (_, index) => near[index] ?? word(index))
    const values = new Float32Array(await run(words))
    words.forEach((each, at) => {
      expect(unitsOff(values[at]!, draw(each)), `${each}`).toBeLessThanOrEqual(1)
    })
  })

  test('the number of a word turned over has the other sign', async () => {
    const run = await compileElements(device!, ['u32'], 'f32', normalOf)
    const random = createRandom(rootKey(8))
    const words = Uint32Array.from({ length: ELEMENTS }, () => random.integer(2 ** 32))
    const values = new Float32Array(await run(words))
    const turned = new Float32Array(await run(words.map((word) => ~word)))
    expect(turned).toEqual(values.map((value) => -value))
  })

  test.each([0, 0.1, 0.5, 1 / 3, 1 - 2 ** -24])(
    'dropout at the rate %d is equal to the bit',
    async (rate) => {
      const { draw } = rowOf('dropout')
      const random = createRandom(rootKey(6))
      const words = Uint32Array.from({ length: ELEMENTS }, () => random.integer(2 ** 32))
      const x = Float32Array.from(words, () => random.normal() * 2 ** random.integer(40))
      x.set([NaN, Infinity, -Infinity, -0, 0])
      // In 32 bits, as emitted classes take the rate.
      const single = Math.fround(rate)
      const kept = Math.fround(1 - single)
      const run = await compileElements(device!, ['f32', 'u32'], 'f32', (called, [value, word]) =>
        spellings.dropout(createBuilder(called, inElements(word)), value!, literal(single)),
      )
      expect([...new Float32Array(await run(x, words))]).toEqual(
        [...words].map((word, at) => (draw(word) >= single ? Math.fround(x[at]! / kept) : 0)),
      )
    },
  )
})

import '../../../wasm/relaxed-simd.ts'
import { describe, expect, test } from 'vitest'
import { elementLoop } from '../../../../src/emit/kernels/wasm/element-loop.ts'
import { reducerOf } from '../../../../src/emit/kernels/wasm/spellings.ts'
import type { ReductionOperator } from '../../../../src/operators/operator.ts'
import { childKey, createRandom, rootKey } from '../../../../src/operators/random.ts'
import { operatorByName, operators } from '../../../../src/operators/table.ts'
import { increase, repeatBelow } from '../../../../src/wasm/control.ts'
import { defineFunction } from '../../../../src/wasm/function.ts'
import { f32, i32, v128 } from '../../../../src/wasm/operations.ts'
import { get, sequence, set } from '../../../../src/wasm/tree.ts'
import { corners, drawNumber, unitsOff } from '../../../operators/points.ts'
import { FREE, instantiate } from '../../../wasm/instantiate.ts'
import { encodings } from './expected.ts'

const rows = operators
  .filter((row): row is ReductionOperator => row.kind === 'reduction')
  .map((row) => [row.name, row] as const)

const LONGEST = 1024
const RESULT = FREE
const [A, B] = [FREE + 16, FREE + 16 + 16 * LONGEST]

/** The number of all elements of columns at A and B. */
const totalKernel = (row: ReductionOperator) =>
  defineFunction('total', ['a', 'b', 'count'], (p, scope) => {
    const { clear, add, total } = reducerOf(row)(scope)
    const bytes = scope.local('i32')
    const columns = [p.a, p.b].slice(0, row.parameters.length)
    return sequence(
      clear,
      set(bytes, i32.mul(get(p.count), i32.constant(4))),
      elementLoop(scope, bytes, ({ load, counted }) =>
        add(...columns.map((column) => counted(load(column)))),
      ),
      f32.store(i32.constant(RESULT), total(get(p.count))),
    )
  })

/** The numbers of four columns that stand side by side at A and B. */
const lanesKernel = (row: ReductionOperator) =>
  defineFunction('lanes', ['a', 'b', 'count'], (p, scope) => {
    const { clear, add, lanes } = reducerOf(row)(scope)
    const columns = [p.a, p.b].slice(0, row.parameters.length)
    const end = scope.local('i32')
    return sequence(
      clear,
      set(end, i32.add(get(p.a), i32.mul(get(p.count), i32.constant(16)))),
      repeatBelow(
        p.a,
        get(end),
        sequence(
          add(...columns.map((column) => v128.load(get(column)))),
          increase(p.a, i32.constant(16)),
          increase(p.b, i32.constant(16)),
        ),
      ),
      v128.store(i32.constant(RESULT), lanes(get(p.count))),
    )
  })

/** Vectors of corner points among others, of many elements of one size, and of elements of any size. */
function drawVectors(name: string, count: number): number[][][] {
  const random = createRandom(childKey(rootKey(1), name))
  const vectors = (length: number, draw: (index: number) => number): number[][] =>
    Array.from({ length: count }, () =>
      Array.from({ length }, (_, index) => Math.fround(draw(index))),
    )
  return [
    ...corners.flatMap((corner) => [
      vectors(1, () => corner),
      vectors(5, () => corner),
      vectors(6, (index) => (index === 5 ? corner : random.normal())),
      vectors(7, (index) => (index === 0 ? corner : random.normal())),
    ]),
    ...Array.from({ length: 20 }, () => vectors(1000, () => random.normal())),
    ...Array.from({ length: 20 }, () => {
      const size = Math.abs(drawNumber(random))
      return vectors(101, () => size * random.normal())
    }),
    ...Array.from({ length: 100 }, () => vectors(7, () => drawNumber(random))),
  ]
}

/** Sums are taken in 64 bits and rounded once. */
const BOUND = 0.501

function expectWithin(row: ReductionOperator, vectors: number[][], value: number): void {
  const wanted = row.meaning(...vectors)
  const off = unitsOff(value, wanted, row.scale?.(...vectors))
  if (off > BOUND || (value === 0 && Math.fround(wanted) !== 0))
    expect.fail(`${row.name} of ${vectors.join(' and ')} is ${value}, not ${wanted}`)
}

describe.each(encodings)('reductions of vectors of WebAssembly, %o', (encoding) => {
  test.each(rows)('%s', (name, row) => {
    const { memory, functions } = instantiate([totalKernel(row), lanesKernel(row)], encoding, 2)
    const floats = new Float32Array(memory.buffer)
    for (const vectors of drawVectors(name, row.parameters.length)) {
      const { length } = vectors[0]!
      vectors.forEach((vector, index) => floats.set(vector, [A, B][index]! / 4))
      functions['total']!(A, B, length)
      expectWithin(row, vectors, floats[RESULT / 4]!)
      // In the lanes the elements, and beside them other multiples of them.
      const lane = (index: number): number[][] =>
        vectors.map((vector) => vector.map((x) => Math.fround(x * [1, 0, -1, 0.5][index]!)))
      for (let index = 0; index < 4; index++)
        lane(index).forEach((vector, column) =>
          vector.forEach((x, at) => (floats[[A, B][column]! / 4 + 4 * at + index] = x)),
        )
      functions['lanes']!(A, B, length)
      for (let index = 0; index < 4; index++)
        expectWithin(row, lane(index), floats[RESULT / 4 + index]!)
    }
  })
})

test('a spelling is no reducer', () => {
  expect(() => reducerOf(operatorByName('exp'))).toThrow(RangeError)
})

import '../../../wasm/relaxed-simd.ts'
import { describe, expect, test } from 'vitest'
import type { ElementwiseOperator } from '../../../../src/operators/operator.ts'
import { unitsOff } from '../../../operators/points.ts'
import { childKey, createRandom, rootKey, type Random } from '../../../../src/operators/random.ts'
import { elementwiseRows, encodings, faultOf } from './expected.ts'
import { compileRow } from './run-row.ts'

const BLOCK = 65536
/** Blocks of points for a row. */
const BLOCKS = 16

/** Every 4097th float from a random one on: all exponents, and each as often. */
const STRIDE = Math.floor(2 ** 32 / (BLOCKS * BLOCK)) + 1

type Kind = 'every exponent' | 'any bits' | 'moderate'

/** A column of a block: floats of every exponent in turn, of random bits, or of sizes at which two of them often meet. */
function drawColumn(random: Random, block: number, kind: Kind): Float32Array {
  const start = block * BLOCK * STRIDE + random.integer(STRIDE)
  const words = Uint32Array.from({ length: BLOCK }, (_, index) =>
    kind === 'every exponent' ? start + index * STRIDE : random.integer(2 ** 32),
  )
  if (kind !== 'moderate') return new Float32Array(words.buffer)
  return Float32Array.from(words, (word, index) => (word / 2 ** 31 - 1) * 2 ** ((index % 24) - 12))
}

/** One argument takes every float in turn; of several, each is moderate in every other block. */
function kindOf(row: ElementwiseOperator, argument: number, block: number): Kind {
  if (row.parameters.length > 1 && (block >> argument) % 2 === 1) return 'moderate'
  return argument === 0 ? 'every exponent' : 'any bits'
}

const named = elementwiseRows.filter(
  ([, row]) => !row.parameters.some(({ boolean }) => boolean === true),
)

describe.each(encodings)('vectors of WebAssembly, %o', (encoding) => {
  test.each(named)('%s at a million points', (name, row) => {
    const random = createRandom(childKey(rootKey(7), name))
    const run = compileRow(row, encoding, BLOCK)
    let worst = 0
    for (let block = 0; block < BLOCKS; block++) {
      const columns = row.parameters.map((_, index) =>
        drawColumn(random, block, kindOf(row, index, block)),
      )
      const values = run(columns)
      for (let index = 0; index < BLOCK; index++) {
        const tuple = columns.map((column) => column[index]!)
        const fault = faultOf(row, tuple, values[index]!)
        if (fault !== undefined) expect.fail(fault)
        worst = Math.max(worst, distance(row, tuple, values[index]!))
      }
    }
    if (process.env['PRINT']) console.log(name, worst.toFixed(3))
  })
})

const distance = (row: ElementwiseOperator, tuple: readonly number[], value: number): number =>
  unitsOff(value, row.meaning(...tuple), row.scale?.(...tuple))

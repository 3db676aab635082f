import '../../../wasm/relaxed-simd.ts'
import { describe, expect, test } from 'vitest'
import type { ElementwiseOperator } from '../../../../src/operators/operator.ts'
import { unitsOff } from '../../../operators/points.ts'
import { childKey, createRandom, rootKey } from '../../../../src/operators/random.ts'
import { BLOCK, BLOCKS, drawColumn, kindOf } from '../dense-points.ts'
import { elementwiseRows, encodings, faultOf } from './expected.ts'
import { compileRow } from './run-row.ts'

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

import '../../../wasm/relaxed-simd.ts'
import { describe, expect, test } from 'vitest'
import type { ElementwiseOperator } from '../../../../src/operators/operator.ts'
import { childKey, createRandom, rootKey } from '../../../../src/operators/random.ts'
import { operators } from '../../../../src/operators/table.ts'
import type { Encoding } from '../../../../src/wasm/encode.ts'
import { drawTuples, unitsOff } from '../../../operators/points.ts'
import { compileRow } from './run-row.ts'

const rows = operators.filter((row): row is ElementwiseOperator => row.kind === 'elementwise')
const named = rows.map((row) => [row.name, row] as const)
const RANDOM_POINTS = 8000

const encodings: readonly Encoding[] = [
  { constants: 'memory' },
  { constants: 'memory', relaxed: true },
]
export const boundOf = (row: ElementwiseOperator): number => Math.min(Math.max(row.tolerance, 0.5), 4)
describe.each(encodings)('vectors of WebAssembly, %o', (encoding) => {
  test.each(named)('%s', (name, row) => {
    const random = createRandom(childKey(rootKey(1), name))
    const tuples = drawTuples(row.parameters.length, random, RANDOM_POINTS)
    const values = compileRow(row, encoding)(
      row.parameters.map((_, index) => Float32Array.from(tuples, (tuple) => tuple[index]!)),
    )
    let worst = 0
    const bad: string[] = []
    tuples.forEach((tuple, index) => {
      const wanted = Math.fround(row.meaning(...tuple))
      const off = unitsOff(values[index]!, row.meaning(...tuple), row.scale?.(...tuple))
      worst = Math.max(off, worst)
      if (off > boundOf(row) || (wanted === 0 && values[index] === 0 && !Object.is(wanted, values[index])) ||(Math.abs(wanted) < 2 ** -126 && off > 0.51) )
        bad.push(`${tuple.join(', ')}: ${values[index]} not ${wanted}: ${off}`)
    })
    console.log(name, worst, bad.length)
    expect(bad.slice(0, 8)).toEqual([])
  })
})

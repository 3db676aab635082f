import '../../../wasm/relaxed-simd.ts'
import { describe, expect, test } from 'vitest'
import { childKey, createRandom, rootKey } from '../../../../src/operators/random.ts'
import { drawTuples } from '../../../operators/points.ts'
import { boundOf, elementwiseRows, encodings, faultOf } from './expected.ts'
import { compileRow } from './run-row.ts'

const RANDOM_POINTS = 8000

test.each(elementwiseRows)('%s is held to what its row allows, and to 4 units', (_, row) => {
  expect(boundOf(row)).toBeLessThanOrEqual(Math.min(4, Math.max(row.tolerance, 0.5)))
})

describe.each(encodings)('vectors of WebAssembly, %o', (encoding) => {
  test.each(elementwiseRows)('%s', (name, row) => {
    const random = createRandom(childKey(rootKey(1), name))
    const tuples = drawTuples(row.parameters.length, random, RANDOM_POINTS)
    const values = compileRow(
      row,
      encoding,
    )(row.parameters.map((_, index) => Float32Array.from(tuples, (tuple) => tuple[index]!)))
    const faults = tuples.map((tuple, index) => faultOf(row, tuple, values[index]!))
    expect(faults.filter((fault) => fault !== undefined).slice(0, 5)).toEqual([])
  })

  const ofNumbers = elementwiseRows.filter(
    ([, row]) => !row.parameters.some(({ boolean }) => boolean === true),
  )
  test.each(ofNumbers)('%s takes NaN of either sign and any payload alike', (_, row) => {
    const run = compileRow(row, encoding)
    const notNumbers = new Float32Array(
      new Uint32Array([0x7fc00000, 0xffc00000, 0x7f800001, 0xffffffff]).buffer,
    )
    for (let place = 0; place < row.parameters.length; place++) {
      const halves = new Float32Array(4).fill(0.5)
      const values = run(row.parameters.map((__, index) => (index === place ? notNumbers : halves)))
      const meaning = row.meaning(...row.parameters.map((__, i) => (i === place ? NaN : 0.5)))
      expect([...values]).toEqual(Array(4).fill(meaning))
    }
  })
})

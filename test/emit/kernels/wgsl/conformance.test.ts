import { describe, expect, test } from 'vitest'
import { childKey, createRandom, rootKey } from '../../../../src/operators/random.ts'
import { drawTuples } from '../../../operators/points.ts'
import { changes, elementwiseRows, faultOf } from './expected.ts'
import { compilePattern, compileRow } from './run-row.ts'
import { openDevice } from './shader.ts'

/** Fewer where only quotients and roots are changed. */
const RANDOM_POINTS = [8000, 1000, 1000] as const

const device = await openDevice()

const suites = changes.map(
  ([name, change], index) => [name, change, RANDOM_POINTS[index]!] as const,
)

describe.skipIf(device === undefined).each(suites)('functions of WGSL, %s', (_, change, points) => {
  test.each(elementwiseRows)('%s', async (name, row) => {
    const random = createRandom(childKey(rootKey(1), name))
    const tuples = drawTuples(row.parameters.length, random, points)
    const run = await compileRow(device!, row, change)
    const values = await run(
      row.parameters.map((_, index) => Float32Array.from(tuples, (tuple) => tuple[index]!)),
    )
    const faults = tuples.map((tuple, index) => faultOf(row, tuple, values[index]!))
    expect(faults.filter((fault) => fault !== undefined).slice(0, 5)).toEqual([])
  })

  const ofNumbers = elementwiseRows.filter(
    ([, row]) => !row.parameters.some(({ boolean }) => boolean === true),
  )
  test.each(ofNumbers)('%s takes NaN of either sign and any payload alike', async (_, row) => {
    const run = await compileRow(device!, row, change)
    const notNumbers = new Float32Array(
      new Uint32Array([0x7fc00000, 0xffc00000, 0x7f800001, 0xffffffff]).buffer,
    )
    for (let place = 0; place < row.parameters.length; place++) {
      const halves = new Float32Array(4).fill(0.5)
      const columns = row.parameters.map((__, index) => (index === place ? notNumbers : halves))
      const meaning = row.meaning(...row.parameters.map((__, i) => (i === place ? NaN : 0.5)))
      expect([...(await run(columns))]).toEqual(Array(4).fill(meaning))
    }
  })
})

/** What compilers of shaders make another number of: constants that meet, what cancels, a factor that is shared, products in sums. */
const round = Math.fround
const TEMPTING: readonly (readonly [string, (x: number, y: number) => number])[] = [
  ['x + 1 - 0.99999 + 0 * y', (x) => round(x + 1) - round(0.99999)],
  ['1e30 * x * 1e30 + 0 * y', (x) => round(round(1e30) * x) * round(1e30)],
  ['x + y - x', (x, y) => round(x + y) - x],
  ['x * y + x * 0.1 + 0 * y', (x, y) => round(x * y) + round(x * round(0.1))],
  ['x * x - y', (x, y) => round(x * x) - y],
]

describe.skipIf(device === undefined)('sums and products are rounded one by one', () => {
  test.each(TEMPTING)('%s', async (text, meaning) => {
    const random = createRandom(rootKey(3))
    const [x, y] = [0, 1].map(() => Float32Array.from({ length: 4096 }, () => random.normal()))
    const run = await compilePattern(device!, text, ['x', 'y'])
    const values = await run([x!, y!])
    expect(values).toEqual(x!.map((each, at) => round(meaning(each, y![at]!))))
  })
})

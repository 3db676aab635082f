import { describe, expect, it } from 'vitest'
import { readPattern, type Pattern } from '../../src/ir/pattern.ts'
import type { ElementwiseOperator } from '../../src/operators/operator.ts'
import { childKey, createRandom, rootKey } from '../../src/operators/random.ts'
import { operators } from '../../src/operators/table.ts'

const POINTS = 300
const STEP = 1e-5
/** Relative, of a difference over both sides in 64 bits. */
const ACCURACY = 1e-5

const numeric = operators.filter(
  (row): row is ElementwiseOperator => row.kind === 'elementwise' && row.boolean !== true,
)

/** What a derivative gives in 64 bits. */
function evaluate(pattern: Pattern, variables: ReadonlyMap<string, number>): number {
  switch (pattern.kind) {
    case 'constant':
      return pattern.value
    case 'variable':
      return variables.get(pattern.name)!
    case 'apply': {
      const { operator } = pattern
      if (operator.kind !== 'elementwise') throw new Error(`${operator.name} is not elementwise`)
      return operator.meaning(...pattern.arguments.map((each) => evaluate(each, variables)))
    }
  }
}

/** Arguments between -3 and 3, conditions 0 or 1. */
function drawPoint(row: ElementwiseOperator, uniform: () => number): readonly number[] {
  return row.parameters.map(({ boolean }) =>
    boolean === true ? Math.round(uniform()) : 6 * uniform() - 3,
  )
}

/** The slope by the argument of that index; undefined where there is none: a step, a corner, a value that is not finite. */
function slope(
  row: ElementwiseOperator,
  point: readonly number[],
  index: number,
): number | undefined {
  const at = (offset: number): number =>
    row.meaning(...point.map((value, other) => (other === index ? value + offset : value)))
  const [left, middle, right] = [at(-STEP), at(0), at(STEP)]
  const [before, after] = [(middle - left) / STEP, (right - middle) / STEP]
  const size = 1 + Math.abs(before) + Math.abs(after)
  const isSmooth = Number.isFinite(before) && Math.abs(after - before) <= 1e-3 * size
  return isSmooth ? (before + after) / 2 : undefined
}

describe('derivatives', () => {
  it('are there for every operator on numbers but one that the language has none for', () => {
    const without = numeric.filter(({ derivatives }) => derivatives === undefined)
    expect(without.map(({ name }) => name)).toEqual(['bessel_i1e'])
  })

  it.each(numeric.filter(({ derivatives }) => derivatives !== undefined))(
    'of $name are its slopes',
    (row) => {
      const random = createRandom(childKey(rootKey(7), 'derivatives', row.name))
      const places = row.parameters.flatMap(({ boolean }, index) =>
        boolean === true ? [] : [index],
      )
      expect(row.derivatives).toHaveLength(places.length)
      places.forEach((place, order) => {
        const pattern = readPattern(row.derivatives![order]!)
        let compared = 0
        for (let count = 0; count < POINTS; count++) {
          const point = drawPoint(row, () => random.uniform())
          const expected = slope(row, point, place)
          if (expected === undefined) continue
          const variables = new Map([
            ...row.parameters.map(({ name }, index) => [name, point[index]!] as const),
            ['pi', Math.PI],
          ])
          const value = evaluate(pattern, variables)
          const difference = Math.abs(value - expected)
          expect(difference, `${row.name} at ${point.join(', ')}`).toBeLessThanOrEqual(
            ACCURACY * (1 + Math.abs(expected)),
          )
          compared += 1
        }
        expect(compared).toBeGreaterThan(POINTS / 4)
      })
    },
  )
})

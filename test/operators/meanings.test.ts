import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Layout } from '../../src/operators/layout.ts'
import { operators } from '../../src/operators/table.ts'

type Cell = number | string
const meanings = JSON.parse(
  readFileSync(new URL('fixtures/meanings.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, readonly (readonly Cell[])[]>>

/** Python writes infinities, NaN and -0 as text. */
const numberOf = (cell: Cell): number =>
  typeof cell === 'number' ? cell : Number(cell.replace('inf', 'Infinity'))

/** How far the meaning may be from mpmath's value, relative to it: a few units of 64-bit floats. */
const TOLERANCE = 2e-15

describe('meanings against mpmath', () => {
  const elementwise = operators.filter((row) => row.kind === 'elementwise')
  test.each(elementwise.map((row) => [row.name, row] as const))('%s', (name, row) => {
    const cases = meanings[name]
    expect(cases, `the fixture has no row for ${name}`).toBeDefined()
    for (const cells of cases!) {
      const numbers = cells.map(numberOf)
      const wanted = numbers.at(-1)!
      const value = row.meaning(...numbers.slice(0, -1))
      const close =
        Object.is(value, wanted) ||
        value === wanted ||
        Math.abs(value - wanted) <=
          TOLERANCE * Math.max(Math.abs(wanted), row.scale?.(...numbers.slice(0, -1)) ?? 0)
      expect(close, `${name}(${numbers.slice(0, -1).join(', ')}) = ${value}, not ${wanted}`).toBe(
        true,
      )
    }
  })
})

describe('reductions, facts and draws', () => {
  const meaningOf = <K extends 'reduction' | 'shape' | 'random'>(kind: K, name: string) => {
    const row = operators.find((each) => each.name === name)
    if (row?.kind !== kind) throw new Error(`${name} is no ${kind}`)
    return row.meaning as Extract<(typeof operators)[number], { kind: K }>['meaning']
  }
  test('reductions', () => {
    const x = [3, -4, 0]
    expect(meaningOf('reduction', 'sum')(x)).toBe(-1)
    expect(meaningOf('reduction', 'mean')(x)).toBe(-1 / 3)
    expect(meaningOf('reduction', 'norm')(x)).toBe(5)
    expect(meaningOf('reduction', 'norm')([1e200, 1e200])).toBeCloseTo(Math.SQRT2 * 1e200, -190)
    expect(meaningOf('reduction', 'norm')([Infinity, 1])).toBe(Infinity)
    expect(meaningOf('reduction', 'norm')([NaN, 1])).toBeNaN()
    expect(meaningOf('reduction', 'max_abs')(x)).toBe(4)
    expect(meaningOf('reduction', 'max_abs')([NaN, 1])).toBeNaN()
    expect(meaningOf('reduction', 'dot')(x, [1, 2, 3])).toBe(-5)
  })
  test('facts about shapes', () => {
    const facts = (shape: number[], layout: Layout = 'outputs-last'): number[] =>
      ['rank', 'size', 'fan_in', 'fan_out'].map((name) => meaningOf('shape', name)(shape, layout))
    expect(facts([])).toEqual([0, 1, 1, 1])
    expect(facts([7])).toEqual([1, 7, 7, 7])
    expect(facts([20, 30])).toEqual([2, 600, 20, 30])
    expect(facts([3, 3, 8, 16])).toEqual([4, 1152, 72, 144])
    expect(facts([16, 8, 3, 3], 'outputs-first')).toEqual([4, 1152, 72, 144])
    expect(facts([30, 20], 'outputs-first')).toEqual(facts([20, 30]))
    for (const shape of [[], [7]]) expect(facts(shape, 'outputs-first')).toEqual(facts(shape))
  })
  test('facts that rest on more than a shape', () => {
    const isHidden = meaningOf('shape', 'is_hidden')
    const shapes = [[], [7], [2, 3], [3, 3, 8, 16]]
    expect(shapes.map((shape) => isHidden(shape, 'outputs-last'))).toEqual([0, 0, 1, 1])
    for (const told of [true, false]) {
      const facts = shapes.map((shape) => isHidden(shape, 'outputs-last', { isHidden: told }))
      expect(facts).toEqual([0, 0, Number(told), Number(told)])
    }
    expect(meaningOf('shape', 'steps')([2, 3], 'outputs-last', { updates: 5 })).toBe(5)
  })
  test('dropout keeps the mean', () => {
    const dropout = meaningOf('random', 'dropout')
    expect(dropout(0.3, 2, 0.5)).toBe(0)
    expect(dropout(0.5, 2, 0.5)).toBe(4)
    expect(dropout(0, 2, 0)).toBe(2)
  })
})

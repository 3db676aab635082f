import { expect, test } from 'vitest'
import { axisOf, findOperator, operators } from '../../src/operators/table.ts'

test('names are unique, and every callable name means one row for a number of arguments and an axis', () => {
  expect(new Set(operators.map(({ name }) => name)).size).toBe(operators.length)
  for (const row of operators) {
    if (row.fixity === undefined)
      expect(findOperator(row.callName ?? row.name, row.parameters.length, axisOf(row))).toBe(row)
  }
  expect(findOperator('clip', 2)?.name).toBe('clip')
  expect(findOperator('clip', 3)?.name).toBe('clip_between')
  expect(findOperator('clip', 4)).toBeUndefined()
  expect(findOperator('add', 2)).toBeUndefined()
})

test('meanings take as many arguments as there are parameters', () => {
  for (const row of operators) {
    if (row.kind === 'elementwise')
      expect(row.meaning(...row.parameters.map(() => 1)), row.name).not.toBeUndefined()
    expect(new Set(row.parameters.map(({ name }) => name)).size).toBe(row.parameters.length)
  }
})

test('a row has words for the reference, and its formula names its parameters', () => {
  for (const row of operators) {
    expect(row.summary, row.name).toMatch(/\.$/)
    for (const { name } of row.parameters)
      expect(row.formula.replace(/\\[a-z]+/g, ' '), row.name).toContain(name)
  }
})

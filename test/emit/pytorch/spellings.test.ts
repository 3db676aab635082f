import { describe, expect, test } from 'vitest'
import { name, printCode, type Code } from '../../../src/emit/code.ts'
import { createTorchBuilder } from '../../../src/emit/pytorch/builder.ts'
import { isSpelled, spellingOf } from '../../../src/emit/pytorch/spellings.ts'
import { python } from '../../../src/emit/python/notation.ts'
import { scalarSpelling } from '../../../src/emit/python/spellings.ts'
import { anything, interval } from '../../../src/operators/interval.ts'
import { operators } from '../../../src/operators/table.ts'

const spelled = operators.filter(isSpelled)

const timesOf = (argument: string, code: Code): number =>
  printCode(code, python).split(new RegExp(`\\b${argument}\\b`)).length - 1

const needs = (): Parameters<typeof createTorchBuilder>[0] => ({
  prelude: new Set(),
  imports: new Set(),
})

describe.each(spelled.map((row) => [row.name, row] as const))('%s', (_, row) => {
  const arguments_ = row.parameters.map((__, index) => `x${index}`)

  test('has each argument once on tensors, in their place or not', () => {
    for (const isSpent of [false, true]) {
      const given = arguments_.map((each) => ({
        code: name(each),
        isTensor: true,
        isSpent,
        constant: undefined,
      }))
      const code = spellingOf(row).form(createTorchBuilder(needs()), ...given)
      for (const [index, argument] of arguments_.entries()) {
        const isLimit = row.kind === 'matrix' && row.limit !== undefined
        const isOwn = row.kind === 'shape' || (isLimit && index === arguments_.length - 1)
        if (!isOwn) expect(timesOf(argument, code)).toBe(1)
      }
    }
  })

  test.runIf(row.kind === 'elementwise')('has each argument once on numbers', () => {
    for (const range of [anything, interval(0.5, 1)]) {
      const given = arguments_.map((each) => ({ code: name(each), interval: range }))
      const code = scalarSpelling(row)(createTorchBuilder(needs()), given, range)
      for (const argument of arguments_) expect(timesOf(argument, code)).toBe(1)
    }
  })
})

test('an operator outside the table has no spelling', () => {
  expect(isSpelled({ name: 'cube' })).toBe(false)
  expect(() => spellingOf({ name: 'cube' })).toThrow(RangeError)
  expect(() => scalarSpelling({ name: 'cube' })).toThrow(RangeError)
})

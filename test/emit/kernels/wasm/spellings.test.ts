import { expect, expectTypeOf, test } from 'vitest'
import { isSpelled, spellingOf, spellings } from '../../../../src/emit/kernels/wasm/spellings.ts'
import {
  operatorByName,
  operators,
  type NameOfKind,
  type PrimitiveName,
} from '../../../../src/operators/table.ts'

test('every primitive that works element by element is spelled, and nothing else has to be', () => {
  type Wanted = PrimitiveName & NameOfKind<'elementwise' | 'random'>
  expectTypeOf<'log1p'>().toExtend<Wanted>()
  expectTypeOf<'dropout'>().toExtend<Wanted>()
  expectTypeOf<'square'>().not.toExtend<Wanted>()
  expectTypeOf<'sum'>().not.toExtend<Wanted>()
  const wanted = operators.filter(
    ({ kind, definition }) =>
      (kind === 'elementwise' || kind === 'random') && definition === undefined,
  )
  expect(wanted.filter((row) => !isSpelled(row))).toEqual([])
})

test('what is spelled is an operator', () => {
  for (const name of Object.keys(spellings)) expect(isSpelled(operatorByName(name))).toBe(true)
})

test('a reduction has no spelling', () => {
  expect(() => spellingOf(operatorByName('sum'))).toThrow(RangeError)
})

import { expect, expectTypeOf, test } from 'vitest'
import {
  literal,
  declarationsOf,
  shaderFunction,
} from '../../../../src/emit/kernels/wgsl/functions.ts'
import { quotient, root } from '../../../../src/emit/kernels/wgsl/functions/division.ts'
import { isSpelled, spellingOf, spellings } from '../../../../src/emit/kernels/wgsl/spellings.ts'
import {
  operatorByName,
  operators,
  type NameOfKind,
  type PrimitiveName,
} from '../../../../src/operators/table.ts'
import { changes } from './expected.ts'

test('every primitive that works element by element is spelled, and nothing else has to be', () => {
  type Wanted = PrimitiveName & NameOfKind<'elementwise' | 'random'>
  expectTypeOf<'log1p'>().toExtend<Wanted>()
  expectTypeOf<'square'>().not.toExtend<Wanted>()
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

test('literals are the float to the last bit, and always one', () => {
  expect([0, 1, -2, 0.1, 1e-7, 1e20, 16777217, -2.5e-30].map(literal)).toEqual([
    '0.0f',
    '1.0f',
    '-2.0f',
    '0.1f',
    '1e-7f',
    '100000000000000000000.0f',
    '16777216.0f',
    '-2.5e-30f',
  ])
  expect(literal(Math.fround(0.1) + 2 ** -27)).toBe('0.10000001f')
  expect([-0, 2 ** -149].map(literal)).toEqual(['bitcast<f32>(0x80000000u)', 'bitcast<f32>(1u)'])
  for (const value of [NaN, Infinity, 1e39]) expect(() => literal(value)).toThrow(RangeError)
})

test('declarations stand once, behind what they call', () => {
  const inner = shaderFunction('fn inner() -> f32 { return 1.0f; }')
  const outer = shaderFunction('fn outer() -> f32 { return inner(); }', inner)
  expect(declarationsOf([outer, inner])).toBe(`${inner.text}\n\n${outer.text}`)
})

test('a text that declares no function is refused', () => {
  expect(() => shaderFunction('let x = 1;')).toThrow('no function is declared')
})

test('quotients and roots are changed in the tests that miss them', () => {
  const text = declarationsOf([quotient, root])
  const changed = changes.map(([, change]) => change(text))
  expect(changed[0]).toBe(text)
  for (const each of changed.slice(1)) {
    expect(each).not.toContain('return a / b;')
    expect(each).not.toContain('return sqrt(x);')
  }
})

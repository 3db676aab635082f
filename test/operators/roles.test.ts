import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Role } from '../../src/operators/operator.ts'
import { operators } from '../../src/operators/table.ts'

const ALGEBRA: Readonly<Record<Role, (a: number, b: number, c: number) => number>> = {
  addition: (a, b) => a + b,
  subtraction: (a, b) => a - b,
  multiplication: (a, b) => a * b,
  division: (a, b) => a / b,
  exponentiation: (a, b) => Math.exp(b * Math.log(a)),
  negation: (a) => 0 - a,
  limit: (x, low, high) => (x < high ? (x > low ? x : Math.min(low, high)) : high),
  choice: (a, b, c) => [c, b][Number(a !== 0)]!,
}

test.each(Object.entries(ALGEBRA))('one operator is the %s', (role, algebra) => {
  const [operator, ...others] = operators.filter((each) => each.role === role)
  expect(others).toEqual([])
  if (operator?.kind !== 'elementwise') throw new Error('roles are of numbers')
  const number = fc.double({ min: 0.01, max: 100, noNaN: true })
  fc.assert(
    fc.property(number, number, number, fc.boolean(), (a, b, c, isZero) => {
      const first = role === 'choice' && isZero ? 0 : a
      const value = operator.meaning(...[first, b, c].slice(0, operator.parameters.length))
      const wanted = algebra(first, b, c)
      expect(Math.abs(value - wanted)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(wanted)))
    }),
    { seed: 1, numRuns: 200 },
  )
})

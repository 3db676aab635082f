import { expect, test } from 'vitest'
import { parseBudget } from '../../src/hosts/cli/budget.ts'

test.each([
  ['30m', { minutes: 30 }],
  ['1.5h', { minutes: 90 }],
  ['2H', { minutes: 120 }],
  ['90s', { minutes: 1.5 }],
  ['10 min', { minutes: 10 }],
  ['500000steps', { steps: 500_000 }],
])('%s is a budget', (text, budget) => {
  expect(parseBudget(text)).toEqual(budget)
})

test.each(['', '30', 'm', '-3m', '0m', '3 days', '1e3steps', 'steps'])('%j is none', (text) => {
  expect(() => parseBudget(text)).toThrow('30m, 2h or 500000steps')
})

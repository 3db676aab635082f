import { expect, test } from 'vitest'
import { simulate } from '../../src/plan/run/evaluate.ts'
import { programOf } from './program.ts'

test.each([
  ['1 / (g + 0)', -0, Infinity],
  ['1 / (0 - g)', 0, Infinity],
  ['1 / abs(relu(g) * 1)', 0, Infinity],
  ['(1e30 * g) * 1e30', 1e-40, 1e20],
  ['(1e-30 * g) * 1e-30', 1e38, 1e-22],
  ['max(g, 0)', NaN, NaN],
])('%s at %d', (text, gradient, expected) => {
  const program = programOf(`update = ${text}`)
  const [weights] = simulate(program, { shape: [1], hyperparameters: {} }, [0], [[gradient]])
  const update = -weights![0]!
  if (Number.isFinite(expected)) expect(Math.abs(update / expected - 1)).toBeLessThan(1e-4)
  else expect(update).toBe(expected)
})

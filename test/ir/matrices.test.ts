import { expect, test } from 'vitest'
import { simulate } from '../../src/plan/run/evaluate.ts'
import { programOf } from './program.ts'

const guarded = (rule: string): string =>
  `if rank(w) >= 2 {\n${rule}\n} else {\n  update = lr * g\n}`

/** The first step on a gradient of two inputs and three outputs, in 64 bits, from weights of 0. */
function firstStep(rule: string): number[] {
  const gradient = [1, 2, 3, 4, 5, 7]
  const options = { shape: [2, 3], precision: 64 } as const
  const [w] = simulate(programOf(guarded(rule)), options, new Float64Array(6), [gradient])
  return Array.from(w!, (value) => -value)
}

test('what is simplified stays a matrix where one is wanted', () => {
  const sumsOfOutputs = [5, 7, 10, 5, 7, 10]
  expect(firstStep('update = matmul(matmul(g, transpose(g))^0, g)')).toEqual(sumsOfOutputs)
  expect(
    firstStep('let ones = g^0\nupdate = matmul(matmul(ones, transpose(ones)), g) / 3'),
  ).toEqual(sumsOfOutputs)
})

test('a state that starts with a number is filled with it', () => {
  expect(
    firstStep('state l = 2\nl = l + matmul(g, transpose(g)) * 0\nupdate = matmul(l, g)'),
  ).toEqual([10, 14, 20, 10, 14, 20])
  expect(
    firstStep('state q = 3 * eye(inputs)\nlet before = q\nq = 0 * q\nupdate = matmul(before, g)'),
  ).toEqual([3, 6, 9, 12, 15, 21])
})

test('a state of a parameter that takes the other side is not there', () => {
  const program = programOf(
    guarded('state q = eye(inputs)\nq = orthonormal(q)\nupdate = matmul(q, g)'),
  )
  const [vector] = simulate(program, { shape: [2], precision: 64 }, [0, 0], [[1, 2]])
  expect([...vector!]).toEqual([-0.001, -0.002])
})

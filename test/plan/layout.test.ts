import { describe, expect, test } from 'vitest'
import { createRandom, rootKey } from '../../src/operators/random.ts'
import { lengthsOf } from '../../src/operators/layout.ts'
import { simulate } from '../../src/plan/run/evaluate.ts'
import { programOf } from '../ir/program.ts'

/** A kernel in the layout of tfjs, field x inputs x outputs, and the same parameter in that of PyTorch. */
const LAST = [3, 2, 4] as const
const FIRST = [4, 2, 3] as const
const SIZE = 24

/** The elements of the kernel with its axes the other way round. */
function turned(elements: ArrayLike<number>): number[] {
  const [field, inputs, outputs] = LAST
  const result: number[] = []
  for (let output = 0; output < outputs; output++)
    for (let input = 0; input < inputs; input++)
      for (let place = 0; place < field; place++)
        result.push(elements[(place * inputs + input) * outputs + output]!)
  return result
}

const random = createRandom(rootKey(8))
const draw = (): number[] => Array.from({ length: SIZE }, () => random.normal())
const start = draw()
const gradients = Array.from({ length: 4 }, draw)

test.each<[shape: number[], last: [inputs: number, outputs: number], first: [number, number]]>([
  [[], [1, 1], [1, 1]],
  [[7], [1, 7], [1, 7]],
  [
    [5, 7],
    [5, 7],
    [7, 5],
  ],
  [
    [3, 5, 7],
    [15, 7],
    [35, 3],
  ],
  [
    [3, 3, 8, 16],
    [72, 16],
    [384, 3],
  ],
  [
    [2, 3, 4, 5, 6],
    [120, 6],
    [360, 2],
  ],
  [[0], [1, 0], [1, 0]],
  [
    [0, 3],
    [0, 3],
    [3, 0],
  ],
])('a parameter of shape %j has inputs and outputs', (shape, last, first) => {
  const [inputs, outputs] = last
  expect(lengthsOf(shape, 'outputs-last')).toEqual({ inputs, outputs })
  expect(lengthsOf(shape, 'outputs-first')).toEqual({ inputs: first[0], outputs: first[1] })
})

describe('a parameter gets the same numbers in either layout', () => {
  test.each([
    'update = g / norm(g, over = inputs)',
    'update = g - mean(w * g, over = outputs)',
    'update = max_abs(g, over = inputs) * sum(g, over = outputs)',
    'state r = 0\nstate c = 1\nr = 0.9 * r + mean(g^2, over = inputs)\nc = c + dot(g, w, over = outputs)\nupdate = g * r / (1 + c^2)',
    'update = sum(mean(g, over = inputs)) + norm(norm(g, over = outputs), over = inputs)',
    'update = fan_in(w) * g + fan_out(w) * w + size(w) + rank(w)',
    'if fan_in(w) < fan_out(w) { update = norm(g, over = inputs) } else { update = 2 * g }',
    'if rank(w) >= 2 { update = matmul(matmul(g, transpose(w)), g) - matmul(g, eye(outputs)) } else { update = g }',
    'if rank(w) >= 2 {\nstate l = eye(inputs)\nstate q = 2 * eye(outputs)\nl = 0.5 * l + matmul(g, transpose(g))\nq = orthonormal(q + matmul(transpose(g), g))\nupdate = matmul(matmul(inverse_root(l, 4), g), q) * trace(l) + orthonormal(g)\n} else { update = g }',
    'if rank(w) >= 2 { update = transpose(matmul(transpose(g), matmul(g, transpose(w)))) * (input_count(w) - output_count(w)) / 100 } else { update = g }',
    'if fan_in(w) == 6 and fan_out(w) == 12 { update = g } else { update = 0 * g }',
  ])('%s', (text) => {
    const program = programOf(text)
    const last = simulate(program, { shape: LAST, precision: 64 }, start, gradients)
    const first = simulate(
      program,
      { shape: FIRST, layout: 'outputs-first', precision: 64 },
      turned(start),
      gradients.map(turned),
    )
    expect(last).toHaveLength(gradients.length)
    for (const [step, weights] of last.entries())
      turned(weights).forEach((weight, element) =>
        expect(first[step]![element], `step ${step}, element ${element}`).toBeCloseTo(weight, 12),
      )
    // The numbers do depend on which axis is which.
    const wrong = simulate(
      program,
      { shape: FIRST, precision: 64 },
      turned(start),
      gradients.map(turned),
    )
    expect(wrong.at(-1)).not.toEqual(first.at(-1))
  })
})

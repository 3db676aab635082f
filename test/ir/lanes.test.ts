import { expect, test } from 'vitest'
import { simulate } from '../../src/ir/evaluate.ts'
import { createLaneMaker } from '../../src/ir/lanes.ts'
import { specializeTo } from '../../src/ir/specialize.ts'
import { programOf } from './program.ts'

test.each([
  'update = where(g > 9, g, lr * sqrt(size(w)))',
  'state n = 0.1\nn = where(t < 2, lr * sqrt(size(w)), n + norm(g))\nupdate = n * g',
])('lanes give what the evaluator gives, to the bit: %s', (text) => {
  const shape = [3]
  const start = [0, -0.002, 0.003].map(Math.fround)
  const rates = [0.001, 0.1]
  const gradients = [0, 1, 2, 3].map((step) => start.map((w) => Math.fround(w / (3 + step))))
  const program = programOf(text)
  const { hyperparameters, update, states } = specializeTo(program, shape)
  const make = createLaneMaker({
    shape,
    steps: gradients.length,
    totalSteps: gradients.length,
    hyperparameters: rates.map((lr) => ({ lr })),
  })
  const lanes = make({
    hyperparameters,
    update,
    states: states.map((state, index) => ({ ...state, index })),
  })
  lanes.begin(start)
  const expected = rates.map((lr) =>
    simulate(program, { shape, hyperparameters: { lr } }, start, gradients),
  )
  let weights = Float64Array.from([...start, ...start])
  for (const [step, gradient] of gradients.entries()) {
    const taken = lanes.step(Float64Array.from([...gradient, ...gradient]), weights, step, 0, 2)
    weights = weights.map((w, lane) => Math.fround(w - taken[lane]!))
    expect([...weights]).toEqual(expected.flatMap((run) => [...run[step]!]))
  }
})

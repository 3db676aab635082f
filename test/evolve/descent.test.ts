import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lossAfter, scheduled, type Landscape } from '../../src/evolve/descent.ts'
import { checkIntegrity, INTEGRITY } from '../../src/evolve/integrity.ts'
import { simulate } from '../../src/plan/run/evaluate.ts'
import { programOf } from '../ir/program.ts'
import { optimizer } from '../stdlib/library.ts'

const DURATION = { steps: 12, warmup: 3 }

/** A landscape that tells the same gradients wherever the rule is, and whose loss is a weighted sum of the weights. */
function given(start: readonly number[], gradients: readonly (readonly number[])[]): Landscape {
  return {
    ...DURATION,
    start,
    loss: (w) => start.reduce((sum, _, index) => sum + (index + 1) * w[index]!, 0),
    gradient: (_, t, into) => into.set(gradients[t]!),
  }
}

const vector = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), {
  minLength: 3,
  maxLength: 3,
})
const vectors = fc.array(vector, { minLength: DURATION.steps, maxLength: DURATION.steps })

describe('a descent', () => {
  test.each(['momentum', 'adam', 'lion', 'nadam'])(
    'ends where the simulation of std/%s ends',
    (name) => {
      const program = optimizer(name)
      fc.assert(
        fc.property(vector, vectors, (start, gradients) => {
          const landscape = given(start, gradients)
          const schedule = (t: number): number =>
            t < 3 ? (0.1 * t) / 3 : (0.1 * (1 + Math.cos((Math.PI * (t - 3)) / 9))) / 2
          const options = {
            shape: [3],
            totalSteps: DURATION.steps,
            hyperparameters: { lr: schedule },
          }
          const walked = simulate(program, options, start, gradients).at(-1)!
          expect(lossAfter(program, landscape, 0.1, false)).toBe(landscape.loss(walked))
        }),
        { numRuns: 20 },
      )
    },
  )

  test('with the flipped sign is the descent of the negated rule', () => {
    fc.assert(
      fc.property(vector, vectors, (start, gradients) => {
        const landscape = given(start, gradients)
        expect(lossAfter(programOf('update = -lr * g'), landscape, 0.1, true)).toBe(
          lossAfter(programOf('update = lr * g'), landscape, 0.1, false),
        )
      }),
      { numRuns: 20 },
    )
  })

  test.each(['update = lr * g * 1e30 * 1e30', 'update = lr * log(-abs(g) - 1)'])(
    'that leaves the numbers has an infinite loss: %s',
    (text) => {
      const gradients = Array.from({ length: DURATION.steps }, () => [1, 1, 1])
      expect(lossAfter(programOf(text), given([1, 1, 1], gradients), 0.1, false)).toBe(Infinity)
    },
  )
})

test('on the sphere of the integrity check, one step more than it reads', () => {
  const { start, centre, steps, warmup } = INTEGRITY
  const sphere: Landscape = {
    start,
    steps,
    warmup,
    loss: (w) => centre.reduce<number>((sum, value, index) => sum + (w[index]! - value) ** 2, 0),
    gradient: (w, _, into) => {
      for (let index = 0; index < centre.length; index++)
        into[index] = 2 * (w[index]! - centre[index]!)
    },
  }
  // The last step has a learning rate of nearly nothing.
  for (const name of ['sgd', 'momentum', 'adam', 'opt5']) {
    const { learningRate, loss } = checkIntegrity(optimizer(name))
    const after = lossAfter(optimizer(name), sphere, learningRate, false)
    expect(Math.abs(after - loss)).toBeLessThan(0.05)
  }
})

test('a rule with a schedule of its own gets the same one', () => {
  const own = programOf(
    'import { published_lr } from "std/published"\noptimizer Own(lr in (0, inf) = 0.01, warmup in [0, inf) = 0, hold in [0, inf) = 0) {\n  update = published_lr(t, lr, warmup, hold) * g\n}\n',
  )
  const plain = programOf('update = lr * g')
  const [a, b] = [own, plain].map((program) => scheduled(program, 1, 0.3, DURATION))
  for (let t = 0; t < DURATION.steps; t++) {
    const [first, second] = [a!, b!].map((each) => each.update([1], [], [0], t).update[0]!)
    expect(first).toBeCloseTo(second!, 7)
  }
})

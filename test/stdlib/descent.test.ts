import { describe, expect, it } from 'vitest'
import { descend } from './descend.ts'
import { optimizer, optimizerNames } from './library.ts'

interface Surface {
  readonly start: readonly number[]
  readonly value: (x: ArrayLike<number>) => number
  readonly gradient: (x: ArrayLike<number>) => number[]
}

const CENTRE = [0.5, 1.5, -0.3, -1.2, 0.75]

const quadratic: Surface = {
  start: [1.1, 0.9, 1.1, 0.9, 1],
  value: (x) => CENTRE.reduce((sum, centre, index) => sum + (x[index]! - centre) ** 2, 0),
  gradient: (x) => CENTRE.map((centre, index) => 2 * (x[index]! - centre)),
}

/** Rosenbrock's valley, its height times `scale`. */
function rosenbrock(scale: number): Surface {
  return {
    start: [-1.2, 1],
    value: (x) => scale * ((1 - x[0]!) ** 2 + 100 * (x[1]! - x[0]! ** 2) ** 2),
    gradient: (x) => [
      scale * (-2 * (1 - x[0]!) - 400 * x[0]! * (x[1]! - x[0]! ** 2)),
      scale * 200 * (x[1]! - x[0]! ** 2),
    ],
  }
}

/** The loss after `totalSteps` steps, as a part of the loss at the start. */
function remaining(
  name: string,
  surface: Surface,
  totalSteps: number,
  hyperparameters: Readonly<Record<string, number>>,
): number {
  const path = descend(optimizer(name), { ...surface, totalSteps, hyperparameters })
  return surface.value(path.at(-1)!) / surface.value(surface.start)
}

/** Rules whose step grows with the gradient: it is 230 at the start, and their default is for gradients around 1. */
const SMALL_STEP = 1e-4
const PROPORTIONAL = new Set(
  'a1 addsign aggmo lars opt1 opt2 opt3 opt6 opt6_1 opt9 opt9_1 powersign qhm schedule_free_sgd'.split(
    ' ',
  ),
)

/** Rules that divide by the exponential of the mean gradient, which is 1e-94 at the start: on a flatter valley. */
const EXPONENTIAL = new Set('opt4 opt4_1 opt4_lr1 opt5 opt5_lr1'.split(' '))

describe.each(optimizerNames)('std/%s', (name) => {
  it('comes down a quadratic with its defaults', () => {
    expect(remaining(name, quadratic, 200, {})).toBeLessThan(0.98)
  })

  it("comes down Rosenbrock's valley", () => {
    const surface = rosenbrock(EXPONENTIAL.has(name) ? 0.01 : 1)
    const hyperparameters = PROPORTIONAL.has(name) ? { lr: SMALL_STEP } : {}
    expect(remaining(name, surface, 300, hyperparameters)).toBeLessThan(0.7)
  })
})

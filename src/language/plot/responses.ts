import type { Figure } from '../../draw/figure.ts'
import type { Point } from '../../draw/polyline.ts'
import type { Program } from '../../ir/graph.ts'
import { instantiate } from '../../plan/run/evaluate.ts'

/** What a rule subtracts from a parameter of one number, which is 0, as a function of the gradient. */
export interface Response {
  /** How many steps with this gradient were taken, this one included. */
  readonly steps: number
  /** The gradient, and what the last of the steps subtracts. */
  readonly points: readonly Point[]
}

/** Gradients that are looked at: from -`reach` to `reach`. */
const REACH = 3
/** Between two gradients: an odd number of them, so that 0 is one. */
const COUNT = 121

/** What `program` does after so many equal gradients, its hyperparameters at their defaults; `steps` rise. */
export function responsesOf(
  program: Program,
  steps: readonly number[],
  totalSteps: number,
): readonly Response[] {
  const evaluation = instantiate(program, { shape: [1], totalSteps })
  const last = Math.max(0, ...steps)
  const responses = steps.map((each) => ({ steps: each, points: [] as Point[] }))
  for (let index = 0; index < COUNT; index++) {
    const gradient = REACH * ((2 * index) / (COUNT - 1) - 1)
    let states = evaluation.initialize([0])
    for (let t = 0; t < last; t++) {
      const result = evaluation.update([gradient], states, [0], t)
      states = result.states
      for (const response of responses)
        if (response.steps === t + 1) response.points.push([gradient, result.update[0]!])
    }
  }
  return responses
}

/** The responses in one panel. */
export function responsesFigure(name: string, responses: readonly Response[]): Figure {
  return {
    title: `What a step of ${name} subtracts`,
    subtitle: 'from a number that is 0, by its gradient, which stays the same',
    panels: [
      {
        x: { label: 'gradient g', low: -REACH, high: REACH },
        y: { label: 'update' },
        series: responses.map(({ steps, points }, color) => ({
          name: steps === 1 ? 'first step' : `step ${steps}`,
          color,
          points,
        })),
      },
    ],
  }
}

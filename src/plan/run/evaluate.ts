import type { Program } from '../../ir/graph.ts'
import { planStep } from '../plan.ts'
import { createExecutor, type StateValues } from './execute.ts'
import type { Runs } from './runs.ts'

/** How one program is run for one parameter. */
export interface EvaluationOptions extends Omit<Runs, 'hyperparameters' | 'steps'> {
  /** Values by name; those not given have their defaults. */
  readonly hyperparameters?: Runs['hyperparameters'][number]
}

/** One optimizer for one parameter, as the pure pair of functions every target implements. */
export interface Evaluation {
  initialize(w: ArrayLike<number>): StateValues
  /** What step `t` subtracts from `w`, and the states after it. The arrays of the answer are new. */
  update(
    gradient: ArrayLike<number>,
    states: StateValues,
    w: ArrayLike<number>,
    t: number,
  ): { readonly update: Float64Array; readonly states: StateValues }
}

/** The reference meaning of a program: what every target is compared with. */
export function instantiate(program: Program, options: EvaluationOptions): Evaluation {
  const { hyperparameters = {}, ...rest } = options
  const execution = createExecutor({ ...rest, hyperparameters: [hyperparameters] })(
    planStep(program),
  )
  return {
    initialize: (w) => {
      execution.begin(w)
      return execution.states()
    },
    update: (gradient, states, w, t) => {
      execution.restore(states)
      const update = Float64Array.from(execution.step(gradient, w, t, 0, 1))
      return { update, states: execution.states() }
    },
  }
}

/** The weights after each step from `w0` under the given gradients: one array per step, row-major. */
export function simulate(
  program: Program,
  options: EvaluationOptions,
  w0: ArrayLike<number>,
  gradients: readonly ArrayLike<number>[],
): Float64Array[] {
  const evaluation = instantiate(program, options)
  const round = (options.precision ?? 32) === 32 ? Math.fround : (value: number): number => value
  let w = Float64Array.from(w0, round)
  let states = evaluation.initialize(w)
  return gradients.map((gradient, t) => {
    const result = evaluation.update(gradient, states, w, t)
    states = result.states
    w = w.map((value, index) => round(value - result.update[index]!))
    return w
  })
}

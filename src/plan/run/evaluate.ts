import type { Program } from '../../ir/graph.ts'
import { planEvaluation } from '../evaluation.ts'
import { planStep } from '../plan.ts'
import { createExecutor, type Execution, type StateValues } from './execute.ts'
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
  /**
   * The weights to evaluate with once step `t` was taken, which has led to `w` and `states`; undefined for a program that
   * does not say so. Before the first step they are `w`.
   */
  readonly evaluate:
    ((states: StateValues, w: ArrayLike<number>, t: number) => Float64Array) | undefined
}

/** The reference meaning of a program: what every target is compared with. */
export function instantiate(program: Program, options: EvaluationOptions): Evaluation {
  const { hyperparameters = {}, ...rest } = options
  const runs: Runs = { ...rest, hyperparameters: [hyperparameters] }
  const execution = createExecutor(runs)(planStep(program))
  const evaluation = planEvaluation(program)
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
    evaluate: evaluation && evaluateBy(createExecutor(runs)(evaluation), execution.indices),
  }
}

/** `indices`: which states there are values of. */
function evaluateBy(
  evaluation: Execution,
  indices: Execution['indices'],
): NonNullable<Evaluation['evaluate']> {
  return (states, w, t) => {
    const values = new Map(indices().map((index, at) => [index, states[at]!]))
    evaluation.restore(evaluation.indices().map((index) => values.get(index)!))
    return Float64Array.from(evaluation.step(w, w, t, 0, 1))
  }
}

/** The weights after each step from `w0` under the given gradients: one array per step, row-major. */
export function simulate(
  program: Program,
  options: EvaluationOptions,
  w0: ArrayLike<number>,
  gradients: readonly ArrayLike<number>[],
): Float64Array[] {
  return simulateBoth(program, options, w0, gradients).w
}

/** The same, and the weights to evaluate with after each step where the program says which these are. */
export function simulateBoth(
  program: Program,
  options: EvaluationOptions,
  w0: ArrayLike<number>,
  gradients: readonly ArrayLike<number>[],
): { readonly w: Float64Array[]; readonly evaluate?: Float64Array[] } {
  const evaluation = instantiate(program, options)
  const round = (options.precision ?? 32) === 32 ? Math.fround : (value: number): number => value
  let w = Float64Array.from(w0, round)
  let states = evaluation.initialize(w)
  const evaluated: Float64Array[] = []
  const after = gradients.map((gradient, t) => {
    const result = evaluation.update(gradient, states, w, t)
    states = result.states
    w = w.map((value, index) => round(value - result.update[index]!))
    if (evaluation.evaluate !== undefined) evaluated.push(evaluation.evaluate(states, w, t))
    return w
  })
  return { w: after, ...(evaluation.evaluate && { evaluate: evaluated }) }
}

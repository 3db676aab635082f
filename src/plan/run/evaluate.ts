import type { Program } from '../../ir/graph.ts'
import { planStep } from '../plan.ts'
import { createExecutor, type StateValues, type StepInRounds } from './execute.ts'
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

/** The weights of the only parameter after each step from `w0` under the given gradients: one array per step, row-major. */
export function simulate(
  program: Program,
  { shape, parameterIndex = 0, ...rest }: EvaluationOptions,
  w0: ArrayLike<number>,
  gradients: readonly ArrayLike<number>[],
): Float64Array[] {
  const model = { ...rest, shapes: [shape], firstIndex: parameterIndex }
  const steps = gradients.map((gradient) => [gradient])
  return simulateModel(program, model, [w0], steps).map(([w]) => w!)
}

/** How one program is run for all parameters of a model. */
export interface ModelOptions extends Omit<EvaluationOptions, 'shape' | 'parameterIndex'> {
  /** Shapes of the parameters, in the order of their indices. */
  readonly shapes: readonly (readonly number[])[]
  /** Which parameter of the model the first one is; 0 when not given. */
  readonly firstIndex?: number
}

/**
 * The weights of all parameters after each step from `start` under the given gradients; for each step and parameter one
 * array, row-major. Numbers over all parameters are put together between the rounds of a step.
 */
export function simulateModel(
  program: Program,
  { shapes, firstIndex = 0, hyperparameters = {}, ...rest }: ModelOptions,
  start: readonly ArrayLike<number>[],
  gradients: readonly (readonly ArrayLike<number>[])[],
): Float64Array[][] {
  const round = (rest.precision ?? 32) === 32 ? Math.fround : (value: number): number => value
  const plan = planStep(program)
  const wholes = plan.rounds.map(({ totals }) =>
    totals.map(({ operator }) => operator.whole.meaning),
  )
  const executions = shapes.map((shape, index) => {
    const parameterIndex = firstIndex + index
    return createExecutor({ ...rest, shape, parameterIndex, hyperparameters: [hyperparameters] })(
      plan,
    )
  })
  let weights = start.map((w) => Float64Array.from(w, round))
  executions.forEach((execution, index) => execution.begin(weights[index]!))
  let states = executions.map((execution) => execution.states())
  return gradients.map((given, t) => {
    executions.forEach((execution, index) => execution.restore(states[index]!))
    const steps = executions.map((execution, index) =>
      execution.stepInRounds(given[index]!, weights[index]!, t),
    )
    const updates = carryOut(steps, wholes)
    states = executions.map((execution) => execution.states())
    weights = weights.map((w, index) => w.map((value, at) => round(value - updates[index]![at]!)))
    return weights
  })
}

/** What all steps come to, when each is given the totals of what all of them add. */
function carryOut(
  steps: readonly StepInRounds[],
  wholes: readonly (readonly ((all: readonly number[]) => number)[])[],
): readonly ArrayLike<number>[] {
  let given: readonly number[] = []
  for (let round = 0; ; round++) {
    const results = steps.map((step) => (round === 0 ? step.next([]) : step.next(given)))
    const ended = results.flatMap(({ done, value }) => (done === true ? [value] : []))
    if (ended.length === results.length) return ended
    given = wholes[round]!.map((whole, total) => whole(results.map(({ value }) => value[total]!)))
  }
}

import type { Program } from '../../ir/graph.ts'
import { planEvaluation } from '../evaluation.ts'
import { planStep } from '../plan.ts'
import { createExecutor } from './execute.ts'
import type { Execution, StepInRounds } from './execution.ts'
import type { StateValues } from './states.ts'
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

/** The weights of the only parameter after each step from `w0` under the given gradients: one array per step, row-major. */
export function simulate(
  program: Program,
  { shape, parameterIndex = 0, isHidden, ...rest }: EvaluationOptions,
  w0: ArrayLike<number>,
  gradients: readonly ArrayLike<number>[],
): Float64Array[] {
  const model = { ...rest, shapes: [shape], areHidden: [isHidden], firstIndex: parameterIndex }
  const steps = gradients.map((gradient) => [gradient])
  return simulateModel(program, model, [w0], steps).w.map(([w]) => w!)
}

/** How one program is run for all parameters of a model. */
export interface ModelOptions extends Omit<
  EvaluationOptions,
  'shape' | 'parameterIndex' | 'isHidden'
> {
  /** Shapes of the parameters, in the order of their indices. */
  readonly shapes: readonly (readonly number[])[]
  /** Whether each is hidden as the user has it; undefined where nothing is said. */
  readonly areHidden?: readonly (boolean | undefined)[]
  /** Which parameter of the model the first one is; 0 when not given. */
  readonly firstIndex?: number
}

/** What a run leads to after each step: for each parameter one array, row-major. */
export interface ModelRun {
  readonly w: readonly (readonly Float64Array[])[]
  /** The weights to evaluate with, where the program says which these are. */
  readonly evaluate?: readonly (readonly Float64Array[])[]
}

/**
 * A run of all parameters of a model from `start` under the given gradients. Numbers over all parameters are put together
 * between the rounds of a step.
 */
export function simulateModel(
  program: Program,
  { shapes, areHidden = [], firstIndex = 0, hyperparameters = {}, ...rest }: ModelOptions,
  start: readonly ArrayLike<number>[],
  gradients: readonly (readonly ArrayLike<number>[])[],
): ModelRun {
  const round = (rest.precision ?? 32) === 32 ? Math.fround : (value: number): number => value
  const plan = planStep(program)
  const evaluation = planEvaluation(program)
  const wholes = plan.rounds.map(({ totals }) =>
    totals.map(({ operator }) => operator.whole.meaning),
  )
  const parameters = shapes.map((shape, index) => {
    const parameterIndex = firstIndex + index
    const isHidden = areHidden[index]
    const runs: Runs = {
      ...rest,
      shape,
      parameterIndex,
      hyperparameters: [hyperparameters],
      ...(isHidden !== undefined && { isHidden }),
    }
    const execution = createExecutor(runs)(plan)
    const evaluated = evaluation && evaluateBy(createExecutor(runs)(evaluation), execution.indices)
    let w = Float64Array.from(start[index]!, round)
    execution.begin(w)
    let states = execution.states()
    return {
      begin: (gradient: ArrayLike<number>, t: number) => {
        execution.restore(states)
        return execution.stepInRounds(gradient, w, t)
      },
      end: (update: ArrayLike<number>) => {
        states = execution.states()
        w = w.map((value, at) => round(value - update[at]!))
        return w
      },
      evaluated: (t: number) => evaluated!(states, w, t),
    }
  })
  const steps = gradients.map((given, t) => {
    const begun = parameters.map(({ begin }, index) => begin(given[index]!, t))
    const updates = carryOut(begun, wholes)
    return {
      w: parameters.map(({ end }, index) => end(updates[index]!)),
      evaluate: evaluation && parameters.map(({ evaluated }) => evaluated(t)),
    }
  })
  return {
    w: steps.map(({ w }) => w),
    ...(evaluation && { evaluate: steps.map(({ evaluate }) => evaluate!) }),
  }
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

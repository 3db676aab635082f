import type { Program } from '../../ir/graph.ts'
import { planStep } from '../plan.ts'
import type { EvaluationOptions } from './evaluate.ts'
import { createExecutor, type StepInRounds } from './execute.ts'

/** How one program is run for all parameters of a model. */
export interface ModelOptions extends Omit<EvaluationOptions, 'shape' | 'parameterIndex'> {
  /** Shapes of the parameters, in the order of their indices. */
  readonly shapes: readonly (readonly number[])[]
}

/**
 * The weights of all parameters after each step from `start` under the given gradients; for each step and parameter one
 * array, row-major. Numbers over all parameters are put together between the rounds of a step.
 */
export function simulateModel(
  program: Program,
  { shapes, hyperparameters = {}, ...rest }: ModelOptions,
  start: readonly ArrayLike<number>[],
  gradients: readonly (readonly ArrayLike<number>[])[],
): Float64Array[][] {
  const round = (rest.precision ?? 32) === 32 ? Math.fround : (value: number): number => value
  const plan = planStep(program)
  const wholes = plan.rounds.map(({ totals }) =>
    totals.map(({ operator }) => operator.whole.meaning),
  )
  const executions = shapes.map((shape, parameterIndex) =>
    createExecutor({ ...rest, shape, parameterIndex, hyperparameters: [hyperparameters] })(plan),
  )
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

import type { Program } from '../ir/graph.ts'
import { layouts } from '../operators/layout.ts'
import { contains } from '../operators/interval.ts'
import { simulateModel, type EvaluationOptions } from '../plan/run/evaluate.ts'
import { valueGiven } from '../plan/run/runs.ts'
import {
  isCount,
  outsideText,
  programOf,
  unknownHyperparameter,
  WHOLE,
  type Answer,
  type ProgramOptions,
} from './answer.ts'

export interface SimulateOptions extends ProgramOptions, Partial<EvaluationOptions> {
  /** The parameter before the first step, row-major; its `shape` is one vector when absent. */
  readonly weights: ArrayLike<number>
  /** The gradient at each step, each as long as `weights`. */
  readonly gradients: readonly ArrayLike<number>[]
}

/** The weights after each step, one array per step, and what a model is evaluated with then. */
export interface Simulation extends Answer<readonly Float64Array[]> {
  /** The weights to evaluate with after each step, where the rule has an `evaluate`; else it is absent. */
  readonly evaluate?: readonly Float64Array[]
}

/** What a rule does under the given gradients, by the reference evaluator. Never rejects. */
export async function simulate(text: string, options: SimulateOptions): Promise<Simulation> {
  const found = await programOf(text, options)
  const { value: program, diagnostics } = found
  if (program === undefined) return { ...found, value: undefined }
  const refuse = (problem: string): Answer<never> => ({ value: undefined, diagnostics, problem })
  const { weights, gradients, shape = [weights.length] } = options
  if (options.layout !== undefined && !layouts.includes(options.layout))
    return refuse(`layout must be ${layouts.join(' or ')}`)
  const size = shape.reduce((product, length) => product * length, 1)
  if (size !== weights.length)
    return refuse(`the shape has ${size} elements, and weights ${weights.length}`)
  const wrong = gradients.findIndex(({ length }) => length !== size)
  if (wrong >= 0)
    return refuse(`gradient ${wrong} has ${gradients[wrong]!.length} elements, not ${size}`)
  if (program.usesTotalSteps && options.totalSteps === undefined)
    return refuse(`${program.name} needs totalSteps`)
  const unknown = unknownHyperparameter(program, options.hyperparameters)
  if (unknown !== undefined) return refuse(unknown)
  if (options.totalSteps !== undefined && !isCount(options.totalSteps)) return refuse(WHOLE)
  const outside = outsideOf(program, options)
  if (outside !== undefined) return refuse(outside)
  const { parameterIndex = 0, isHidden, ...settings } = options
  const { w, evaluate } = simulateModel(
    program,
    { ...settings, shapes: [shape], areHidden: [isHidden], firstIndex: parameterIndex },
    [weights],
    gradients.map((gradient) => [gradient]),
  )
  const only = (steps: readonly (readonly Float64Array[])[]): readonly Float64Array[] =>
    steps.map(([values]) => values!)
  return { value: only(w), diagnostics, ...(evaluate && { evaluate: only(evaluate) }) }
}

/** The first hyperparameter that is given a value outside its interval, on any of the steps, as a sentence. */
function outsideOf(
  program: Program,
  { hyperparameters = {}, gradients, totalSteps = NaN }: SimulateOptions,
): string | undefined {
  for (const { name, interval } of program.hyperparameters) {
    const given = valueGiven(hyperparameters, name)
    const values =
      typeof given === 'function' ? gradients.map((_, t) => given(t, totalSteps)) : [given]
    const t = values.findIndex((value) => value !== undefined && !contains(interval, value))
    if (t < 0) continue
    return outsideText(
      name,
      values[t],
      interval,
      typeof given === 'function' ? ` at step ${t}` : '',
    )
  }
  return undefined
}

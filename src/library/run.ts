import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { simulate as evaluate, type EvaluationOptions } from '../plan/run/evaluate.ts'
import { evaluateFunction } from '../plan/run/function.ts'
import { graphsOf } from './language.ts'
import type { SourceOptions } from './sources.ts'

/** A value, or the reason why there is none: the program's `diagnostics`, or a `problem` of what was asked, one sentence. */
export interface Answer<T> {
  readonly value: T | undefined
  readonly diagnostics: readonly Diagnostic[]
  readonly problem?: string
}

export interface SimulateOptions extends SourceOptions, Partial<EvaluationOptions> {
  /** Which optimizer of the program; the first when absent. */
  readonly name?: string
  /** The parameter before the first step, row-major; its `shape` is one vector when absent. */
  readonly weights: ArrayLike<number>
  /** The gradient at each step, each as long as `weights`. */
  readonly gradients: readonly ArrayLike<number>[]
}

/** The weights after each step under the given gradients, by the reference evaluator: one array per step. Never rejects. */
export async function simulate(
  text: string,
  options: SimulateOptions,
): Promise<Answer<readonly Float64Array[]>> {
  const { value: compiled, diagnostics } = await graphsOf(text, options)
  if (compiled === undefined) return { value: undefined, diagnostics }
  const refuse = (problem: string): Answer<never> => ({ value: undefined, diagnostics, problem })
  const { name, weights, gradients, shape = [weights.length] } = options
  const program = compiled.programs.find((each) => name === undefined || each.name === name)
  if (program === undefined) return refuse(`there is no optimizer ${name ?? 'in the program'}`)
  const size = shape.reduce((product, length) => product * length, 1)
  if (size !== weights.length)
    return refuse(`the shape has ${size} elements, and weights ${weights.length}`)
  const wrong = gradients.findIndex(({ length }) => length !== size)
  if (wrong >= 0)
    return refuse(`gradient ${wrong} has ${gradients[wrong]!.length} elements, not ${size}`)
  if (program.usesTotalSteps && options.totalSteps === undefined)
    return refuse(`${program.name} needs totalSteps`)
  const known = program.hyperparameters.map((each) => each.name)
  const unknown = Object.keys(options.hyperparameters ?? {}).find((each) => !known.includes(each))
  if (unknown !== undefined) return refuse(`${program.name} has no hyperparameter ${unknown}`)
  return { value: evaluate(program, { ...options, shape }, weights, gradients), diagnostics }
}

export interface CurveOptions extends SourceOptions {
  /** Which schedule or decay of the program; the first when absent. */
  readonly name?: string
  /** Steps of the run; 100 when absent. */
  readonly totalSteps?: number
  /** Values of its parameters by name; the others have their defaults. */
  readonly arguments?: Readonly<Record<string, number>>
}

/** The values of a schedule or decay at t = 0 ... totalSteps - 1. */
export interface Curve {
  readonly name: string
  readonly totalSteps: number
  readonly values: readonly number[]
}

/** What a plot of a schedule or decay shows. Never rejects. */
export async function curve(text: string, options: CurveOptions = {}): Promise<Answer<Curve>> {
  const { value: compiled, diagnostics } = await graphsOf(text, options)
  if (compiled === undefined) return { value: undefined, diagnostics }
  const refuse = (problem: string): Answer<never> => ({ value: undefined, diagnostics, problem })
  const { name, totalSteps = 100 } = options
  const callee = compiled.functions.find((each) => name === undefined || each.name === name)
  if (callee === undefined)
    return refuse(`there is no schedule or decay ${name ?? 'in the program'}`)
  if (!Number.isSafeInteger(totalSteps) || totalSteps < 1)
    return refuse('totalSteps must be a positive whole number')
  const given = callee.parameters.map(
    (parameter) => options.arguments?.[parameter.name] ?? parameter.default,
  )
  const missing = callee.parameters.find((_, index) => given[index] === undefined)
  if (missing !== undefined) return refuse(`${callee.name} needs a value for ${missing.name}`)
  const values = Array.from({ length: totalSteps }, (_, t) =>
    evaluateFunction(callee, given, t, totalSteps),
  )
  return { value: { name: callee.name, totalSteps, values }, diagnostics }
}

import { curveOf, missingArgument, type Curve } from '../language/plot/curves.ts'
import { pathOf, type Path } from '../language/plot/paths.ts'
import { SURFACES } from '../language/plot/surfaces.ts'
import {
  isCount,
  outsideText,
  programOf,
  unknownHyperparameter,
  WHOLE,
  type Answer,
  type ProgramOptions,
} from './answer.ts'
import { contains } from '../operators/interval.ts'
import { graphsOf } from './language.ts'
import type { SourceOptions } from './sources.ts'

export interface CurveOptions extends SourceOptions {
  /** Which schedule or decay of the program; the first when absent. */
  readonly name?: string
  /** Steps of the run; 100 when absent. */
  readonly totalSteps?: number
  /** Values of its parameters by name; the others have their defaults. */
  readonly arguments?: Readonly<Record<string, number>>
}

/** What a plot of a schedule or decay shows. Never rejects. */
export async function curve(text: string, options: CurveOptions = {}): Promise<Answer<Curve>> {
  const { value: compiled, diagnostics } = await graphsOf(text, options)
  if (compiled === undefined) return { value: undefined, diagnostics }
  const refuse = (problem: string): Answer<never> => ({ value: undefined, diagnostics, problem })
  const { name, totalSteps = 100, arguments: given = {} } = options
  const callee = compiled.functions.find((each) => name === undefined || each.name === name)
  if (callee === undefined)
    return refuse(`there is no schedule or decay ${name ?? 'in the program'}`)
  if (!isCount(totalSteps)) return refuse(WHOLE)
  const missing = missingArgument(callee, given)
  if (missing !== undefined) return refuse(`${callee.name} needs a value for ${missing}`)
  const outside = callee.parameters.find(
    ({ name: parameter, interval }) =>
      Object.hasOwn(given, parameter) && !contains(interval, given[parameter]!),
  )
  if (outside !== undefined)
    return refuse(outsideText(outside.name, given[outside.name], outside.interval))
  return { value: curveOf(callee, given, totalSteps), diagnostics }
}

export interface PathOptions extends ProgramOptions {
  /** The name of one of `surfaces`; `quadratic` when absent. */
  readonly surface?: string
  /** Steps of the run; 200 when absent. */
  readonly totalSteps?: number
  /** Values of hyperparameters by name; the others have their defaults. */
  readonly hyperparameters?: Readonly<Record<string, number>>
  /** A number, the program's own default, or, when absent, the best of a grid for the surface. */
  readonly learningRate?: number | 'auto' | 'default'
}

/** The functions of two variables that `path` goes down on. */
export const surfaces = SURFACES

/** Where an optimizer goes on a surface, both coordinates one parameter of shape [2]. Never rejects. */
export async function path(text: string, options: PathOptions = {}): Promise<Answer<Path>> {
  const found = await programOf(text, options)
  const { value: program, diagnostics } = found
  if (program === undefined) return { ...found, value: undefined }
  const refuse = (problem: string): Answer<never> => ({ value: undefined, diagnostics, problem })
  const { totalSteps = 200, hyperparameters = {}, learningRate = 'auto' } = options
  const name = options.surface ?? 'quadratic'
  const surface = surfaces.find((each) => each.name === name)
  if (surface === undefined) return refuse(`there is no surface ${name}`)
  if (!isCount(totalSteps)) return refuse(WHOLE)
  const unknown = unknownHyperparameter(program, hyperparameters)
  if (unknown !== undefined) return refuse(unknown)
  const outside = program.hyperparameters.find(
    ({ name: parameter, interval }) =>
      Object.hasOwn(hyperparameters, parameter) && !contains(interval, hyperparameters[parameter]!),
  )
  if (outside !== undefined)
    return refuse(outsideText(outside.name, hyperparameters[outside.name], outside.interval))
  const value = pathOf(program, surface, { totalSteps, hyperparameters, learningRate })
  return { value, diagnostics }
}

import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Program } from '../ir/graph.ts'
import { showInterval, type Interval } from '../operators/interval.ts'
import { graphsOf } from './language.ts'
import type { SourceOptions } from './sources.ts'

/** A value, or the reason why there is none: the program's `diagnostics`, or a `problem` of what was asked, one sentence. */
export interface Answer<T> {
  readonly value: T | undefined
  readonly diagnostics: readonly Diagnostic[]
  readonly problem?: string
}

export interface ProgramOptions extends SourceOptions {
  /** Which optimizer of the program; the first when absent. */
  readonly name?: string
}

/** The optimizer that is meant. Never rejects. */
export async function programOf(text: string, options: ProgramOptions): Promise<Answer<Program>> {
  const { value: compiled, diagnostics } = await graphsOf(text, options)
  if (compiled === undefined) return { value: undefined, diagnostics }
  const { name } = options
  const value = compiled.programs.find((each) => name === undefined || each.name === name)
  if (value !== undefined) return { value, diagnostics }
  return { value, diagnostics, problem: `there is no optimizer ${name ?? 'in the program'}` }
}

/** Why hyperparameters cannot be those of a program: a sentence about a name it does not have. */
export function unknownHyperparameter(
  { name, hyperparameters }: Program,
  given: Readonly<Record<string, unknown>> = {},
): string | undefined {
  const known = hyperparameters.map((each) => each.name)
  const unknown = Object.keys(given).find((each) => !known.includes(each))
  return unknown === undefined ? undefined : `${name} has no hyperparameter ${unknown}`
}

export const WHOLE = 'totalSteps must be a positive whole number'

/** Whether the number can be one of steps. */
export function isCount(number: number): boolean {
  return Number.isSafeInteger(number) && number >= 1
}

/** That a value is outside its interval, as a sentence; `when` it is. */
export function outsideText(
  name: string,
  value: number | undefined,
  interval: Interval,
  when = '',
): string {
  return `${name} is ${value}${when}; it must be in ${showInterval(interval)}`
}

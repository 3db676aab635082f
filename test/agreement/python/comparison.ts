import type { Tally } from '../tally.ts'
import type { Framework } from './frameworks.ts'
import type { Answer, Question } from './questions.ts'

/** Something that a framework is compared with the evaluator in. */
export interface Comparison {
  readonly title: string
  /** Writes modules below a folder, under names that begin with `called`. */
  prepare(framework: Framework, folder: string, called: string): Promise<Prepared>
}

/** Questions about modules, and what is wrong with answers to them. */
export interface Prepared {
  readonly questions: readonly Question[]
  /** Notes in `tally`, if it is given, how near the answers are. */
  faults(answers: readonly Answer[], tally: Tally | undefined): readonly string[]
}

/** The steps that were asked for. Throws an Error with what Python said where there are none. */
export function stepsOf(answer: Answer): Extract<Answer, { steps: unknown }>['steps'] {
  if ('error' in answer) throw new Error(answer.error)
  if (!('steps' in answer)) throw new Error('these are values of functions')
  return answer.steps
}

/** The values of functions, by name. Throws an Error with what Python said where there are none. */
export function valuesOf(answer: Answer): Extract<Answer, { values: unknown }>['values'] {
  if ('error' in answer) throw new Error(answer.error)
  if (!('values' in answer)) throw new Error('these are steps')
  return answer.values
}

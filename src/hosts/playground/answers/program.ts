import { compile, type Compiled } from '../../../compile.ts'
import type { Hyperparameter, Program } from '../../../ir/graph.ts'
import { libraryLoader } from '../../../library/sources.ts'
import { contains, type Interval } from '../../../operators/interval.ts'
import { valueGiven } from '../../../plan/run/runs.ts'

/** A text, and what it is called. */
export interface TextQuestion {
  readonly text: string
  readonly fileName: string
}

/** The graphs of a text; one sentence where there are none. */
export type Graphs =
  | { readonly kind: 'graphs'; readonly compiled: Compiled }
  | { readonly kind: 'none'; readonly reason: string }

/** That there is nothing to show, and why, in one sentence. */
export interface Nothing {
  readonly kind: 'none'
  readonly reason: string
}

let last: { readonly question: TextQuestion; readonly graphs: Graphs } | undefined

/** The graphs of a text; those of the last one are kept. */
export function graphsOf({ text, fileName }: TextQuestion): Graphs {
  if (last?.question.text === text && last.question.fileName === fileName) return last.graphs
  const { value } = compile({ path: fileName, text }, libraryLoader)
  const graphs: Graphs =
    value === undefined
      ? { kind: 'none', reason: 'The program has errors.' }
      : { kind: 'graphs', compiled: value }
  last = { question: { text, fileName }, graphs }
  return graphs
}

/** The optimizer with a name, or the first. */
export function programNamed({ programs }: Compiled, name: string | undefined): Program | Nothing {
  const found = programs.find((program) => program.name === name) ?? programs[0]
  return found ?? { kind: 'none', reason: 'The program declares no optimizer.' }
}

/** A parameter, and the value that it is shown with. */
export interface ShownParameter {
  readonly name: string
  readonly documentation: string
  readonly interval: Interval
  /** What it is where nobody has said anything else; for one without a default a value that its interval holds. */
  readonly initial: number
  readonly value: number
}

/** Parameters with what is given for them, as far as they may have it. */
export function shownParameters(
  parameters: readonly Hyperparameter[],
  given: Readonly<Record<string, number>>,
): readonly ShownParameter[] {
  return parameters.map(({ name, documentation, interval, default: written }) => {
    const initial = written ?? startOf(interval)
    const wanted = valueGiven(given, name)
    const value = wanted !== undefined && contains(interval, wanted) ? wanted : initial
    return { name, documentation: documentation.join(' '), interval, initial, value }
  })
}

/** Their values by their names. */
export function valuesOf(parameters: readonly ShownParameter[]): Readonly<Record<string, number>> {
  return Object.fromEntries(parameters.map(({ name, value }) => [name, value]))
}

/** A value that an interval holds: a plain one where it may be. */
function startOf(interval: Interval): number {
  const { low, high } = interval
  const middle = low + (high - low) / 2
  const finite = Number.isFinite(low) ? low + 1 : high - 1
  const plain = [1, 0.5, 10, 0, middle, low, high, finite].find(
    (value) => Number.isFinite(value) && contains(interval, value),
  )
  return plain ?? 0
}

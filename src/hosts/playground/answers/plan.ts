import { planGraphs, type PlanGraph } from '../../../language/plan-graph.ts'
import { graphsOf, programNamed, type Nothing, type TextQuestion } from './program.ts'

export interface PlanQuestion extends TextQuestion {
  readonly kind: 'plan'
  /** Which optimizer; the first where there is none of that name. */
  readonly name?: string
}

/** What a step of an optimizer does, for each kind of shape. */
export interface Plan {
  readonly kind: 'plan'
  readonly name: string
  readonly graphs: readonly PlanGraph[]
}

/** The plan of an optimizer of a text. */
export function planOf({ name, ...question }: PlanQuestion): Plan | Nothing {
  const graphs = graphsOf(question)
  if (graphs.kind === 'none') return graphs
  const program = programNamed(graphs.compiled, name)
  if ('kind' in program) return program
  return { kind: 'plan', name: program.name, graphs: planGraphs(program) }
}

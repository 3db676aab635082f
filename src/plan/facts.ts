import { reachable } from '../ir/build.ts'
import type { GraphNode, Program } from '../ir/graph.ts'
import type { Told } from '../operators/operator.ts'
import { leavesOf, type Choice } from './choice.ts'

/** What a step reads. */
export interface StepFacts {
  /** Hyperparameters that are read, in the order of the program. */
  readonly reads: ReadonlySet<string>
  /** Which of the step and the number of steps are read, or handed to what is called. */
  readonly inputs: ReadonlySet<'t' | 'T'>
  /** Whether random numbers are drawn. */
  readonly draws: boolean
  /** What is asked of a parameter beside its shape. */
  readonly told: ReadonlySet<keyof Told>
}

/** What the programs of all shapes read, and the starts of the states that are kept. */
export function factsOf(choice: Choice<Program>, starts: readonly GraphNode[]): StepFacts {
  const nodes = reachable([
    ...conditionsOf(choice),
    ...leavesOf(choice).flatMap(({ update, states, totals }) => [
      update,
      ...states.map(({ next }) => next),
      ...totals.map(({ part }) => part),
    ]),
    ...starts,
  ])
  return {
    ...readsOf(nodes),
    draws: nodes.some((node) => node.kind === 'apply' && node.operator.kind === 'random'),
    told: new Set(
      nodes.flatMap((node) =>
        node.kind === 'apply' && node.operator.kind === 'shape' && node.operator.restsOn
          ? [node.operator.restsOn]
          : [],
      ),
    ),
  }
}

function conditionsOf(choice: Choice<unknown>): readonly GraphNode[] {
  return choice.kind === 'leaf'
    ? []
    : [choice.condition, ...conditionsOf(choice.then), ...conditionsOf(choice.otherwise)]
}

function readsOf(nodes: readonly GraphNode[]): Pick<StepFacts, 'reads' | 'inputs'> {
  const reads = new Set<string>()
  const inputs = new Set<'t' | 'T'>()
  for (const node of nodes) {
    if (node.kind === 'parameter') reads.add(node.name)
    if (node.kind === 'input' && (node.name === 't' || node.name === 'T')) inputs.add(node.name)
    // Every function is told the number of steps.
    if (node.kind === 'call') inputs.add('T')
  }
  return { reads, inputs }
}

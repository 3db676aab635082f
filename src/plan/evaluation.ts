import { analyze } from '../ir/analysis/analyze.ts'
import { createGraph } from '../ir/build.ts'
import type { Program } from '../ir/graph.ts'
import { planProgram, type StepPlan } from './plan.ts'

/**
 * The plan of what the program is evaluated with, as that of a step that changes no state and whose update are the weights to
 * evaluate with: `w` and the states are what they are after the step that was taken last, which is `t`. Undefined where that
 * is `w` for all parameters.
 */
export function planEvaluation(program: Program): StepPlan | undefined {
  const { evaluate, ...rest } = program
  if (evaluate === undefined) return undefined
  const graph = createGraph()
  const states = program.states.map((state, index) => ({ ...state, next: graph.state(index) }))
  return planProgram({ ...rest, update: evaluate, states }, analyze(program), undefined)
}

import { instantiate } from '../../src/plan/run/evaluate.ts'
import type { Program } from '../../src/ir/graph.ts'

/** Where and how long a program walks. */
export interface Walk {
  readonly start: readonly number[]
  readonly gradient: (w: ArrayLike<number>) => number[]
  readonly totalSteps: number
  /** One dimension when not given. */
  readonly shape?: readonly number[]
  readonly hyperparameters?: Readonly<Record<string, number>>
}

/** The 32-bit weights after each step, on the reference evaluator. */
export function descend(program: Program, walk: Walk): number[][] {
  const { start, totalSteps, shape = [start.length], hyperparameters = {} } = walk
  const evaluation = instantiate(program, { shape, hyperparameters, totalSteps })
  let w = [...start]
  let states = evaluation.initialize(w)
  return Array.from({ length: totalSteps }, (_, t) => {
    const step = evaluation.update(walk.gradient(w), states, w, t)
    states = step.states
    w = w.map((value, index) => Math.fround(value - step.update[index]!))
    return w
  })
}

import { simplify } from '../../../src/ir/simplify.ts'
import type { Program } from '../../../src/ir/graph.ts'
import { simulate } from '../../../src/plan/run/evaluate.ts'
import type { Analysis } from '../../../src/language/editor/analysis.ts'

const SHAPE = [3, 2]
const START = [0.5, -1, 2, 0.1, -0.3, 1]
const GRADIENTS = [
  [1, -2, 0.5, 0, 3, -0.1],
  [0.2, 0.4, -1, 1e-3, -2, 0.7],
  [-1, 1, 0, 10, 0.3, 0.2],
  [0.5, -0.5, 0.25, -3, 1, 1],
]

/** The weights after each of some steps, in one list. */
function weights(program: Program): readonly number[] {
  const steps = simulate(simplify(program), { shape: SHAPE, totalSteps: 20 }, START, GRADIENTS)
  return steps.flatMap((each) => [...each])
}

/** How far the optimizers of two modules go apart under the same gradients; how they do, where it is more than rounding. */
export function stepsApart(before: Analysis, after: Analysis): string | undefined {
  const others = after.checked.lowered.optimizers
  for (const [index, { program }] of before.checked.lowered.optimizers.entries()) {
    const [a, b] = [weights(program), weights(others[index]!.program)]
    const place = a.findIndex((value, at) => !isNear(value, b[at]!))
    if (place >= 0) return `${program.name}: ${a[place]!} and ${b[place]!}`
  }
  return undefined
}

const isNear = (a: number, b: number): boolean =>
  Object.is(a, b) || Math.abs(a - b) <= 1e-5 * Math.max(1, Math.abs(a), Math.abs(b))

import { expect } from 'vitest'
import { reachable } from '../../../../src/ir/build.ts'
import type { Program } from '../../../../src/ir/graph.ts'
import { instantiate } from '../../../../src/plan/run/evaluate.ts'
import type { Encoding } from '../../../../src/wasm/encode.ts'
import { compileProgramKernel, type PassProgram } from './program-kernel.ts'

export const SHAPE = [7, 9]
const SIZE = 63
const TOTAL_STEPS = 10

/** Whether every operator of the pass is exact, so that nothing is lost but to rounding, which the evaluator does too. */
const isExact = ({ update, states }: PassProgram): boolean =>
  reachable([update, ...states.map(({ node }) => node)]).every(
    (node) =>
      node.kind !== 'apply' || !('tolerance' in node.operator) || node.operator.tolerance === 0,
  )

/** What operators that are not exact may come to in a step, relative to it. */
const TOLERANCE = 1e-5

/** The kernel steps as the evaluator does, which begins each step with what the kernel has. `draw`: weights and gradients. */
export function expectSteps(
  program: Program,
  pass: PassProgram,
  encoding: Encoding,
  draw: () => number,
): void {
  const { columns, step } = compileProgramKernel(pass, SHAPE, TOTAL_STEPS, encoding)
  const evaluation = instantiate(program, { shape: SHAPE, totalSteps: TOTAL_STEPS })
  const [w, g, ...kept] = columns as [Float32Array, Float32Array, ...Float32Array[]]
  for (let at = 0; at < SIZE; at++) w[at] = draw()
  evaluation.initialize(w).forEach((state, at) => kept[at]!.set(state as Float64Array))
  const tolerance = isExact(pass) ? 0 : TOLERANCE
  for (let t = 0; t < TOTAL_STEPS; t++) {
    for (let at = 0; at < SIZE; at++) g[at] = draw()
    const before = w.slice()
    const states = kept.map((state) => Float64Array.from(state))
    const next = evaluation.update(g, states, w, t)
    step(t)
    for (let at = 0; at < SIZE; at++) {
      const update = next.update[at]!
      expectNear(w[at]!, Math.fround(before[at]! - update), tolerance * Math.abs(update))
      next.states.forEach((state, index) => {
        const wanted = (state as Float64Array)[at]!
        expectNear(kept[index]![at]!, wanted, tolerance * Math.abs(wanted))
      })
    }
  }
}

/** Within `bound`, where there is one, and a unit in the last place. */
function expectNear(value: number, wanted: number, bound: number): void {
  if (bound === 0 || Math.abs(value - wanted) > bound + Math.abs(wanted) * 2 ** -23)
    expect(value).toBe(wanted)
}

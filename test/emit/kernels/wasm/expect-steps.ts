import { expect } from 'vitest'
import type { Program } from '../../../../src/ir/graph.ts'
import type { Encoding } from '../../../../src/wasm/encode.ts'
import { stepEvaluator, type Snapshot } from '../../../agreement/agree.ts'
import { compileProgramKernel, type PassProgram } from './program-kernel.ts'

export const SHAPE = [7, 9]
const SIZE = 63
const TOTAL_STEPS = 10

/**
 * The kernel steps as the evaluator does, which begins each step with what the kernel has, but for what the tolerances of the
 * operators in use explain. `draw`: weights and gradients.
 */
export function expectSteps(
  program: Program,
  pass: PassProgram,
  encoding: Encoding,
  draw: () => number,
): void {
  const { columns, step } = compileProgramKernel(pass, SHAPE, TOTAL_STEPS, encoding)
  const evaluator = stepEvaluator(program, { shape: SHAPE, totalSteps: TOTAL_STEPS })
  const [w, g, ...kept] = columns as [Float32Array, Float32Array, ...Float32Array[]]
  const names = pass.states.map(({ index }) => program.states[index]!.name)
  const held = (): Snapshot =>
    new Map([['w', w.slice()], ...names.map((name, at) => [name, kept[at]!.slice()] as const)])
  for (let at = 0; at < SIZE; at++) w[at] = draw()
  const start = evaluator.begin(w)
  names.forEach((name, at) => kept[at]!.set(start.get(name)!))
  for (let t = 0; t < TOTAL_STEPS; t++) {
    for (let at = 0; at < SIZE; at++) g[at] = draw()
    const before = held()
    step(t)
    expect(evaluator.compare(before, g, t, held())).toEqual([])
  }
}

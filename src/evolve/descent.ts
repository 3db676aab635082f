import { instantiate, type Evaluation } from '../plan/run/evaluate.ts'
import type { Program } from '../ir/graph.ts'
import { programReadsShape } from './reads-shape.ts'
import { scheduledRate } from './scheduled-rate.ts'

/** How long a rule runs: `T` of its schedules, and the steps over which the learning rate rises from 0. */
export interface Duration {
  readonly steps: number
  readonly warmup: number
}

/** A function of one vector to be minimised, and for how long. */
export interface Landscape extends Duration {
  readonly start: readonly number[]
  /** The loss at `w`. */
  readonly loss: (w: ArrayLike<number>) => number
  /** Writes what the rule is told to be the gradient at `w` in step `t`, which may differ from the true one. */
  readonly gradient: (w: ArrayLike<number>, t: number, into: Float64Array) => void
}

/**
 * A program for one vector of `size` elements under the published schedule, a rise from 0 and half a cosine down: through
 * `warmup` and `hold`, or through `lr` where it has no such hyperparameters. One that reads the shape of a parameter runs on
 * the same elements as a matrix of two outputs. Reference meaning, 32 bits, seed 0. `size` must be even.
 */
export function scheduled(
  program: Program,
  size: number,
  learningRate: number | undefined,
  { steps, warmup }: Duration,
): Evaluation {
  const plan = { totalSteps: steps, warmupSteps: warmup, holdSteps: 0 }
  return instantiate(program, {
    shape: programReadsShape(program) ? [size / 2, 2] : [size],
    totalSteps: steps,
    hyperparameters: scheduledRate(program, learningRate, plan),
  })
}

/** The loss after the last step, with 32-bit weights; infinite as soon as a weight is not finite. */
export function lossAfter(
  program: Program,
  landscape: Landscape,
  learningRate: number | undefined,
  flipped: boolean,
): number {
  const { start, steps } = landscape
  const evaluation = scheduled(program, start.length, learningRate, landscape)
  const sign = flipped ? -1 : 1
  const w = Float64Array.from(start, Math.fround)
  const gradient = new Float64Array(w.length)
  let states = evaluation.initialize(w)
  for (let t = 0; t < steps; t++) {
    landscape.gradient(w, t, gradient)
    const step = evaluation.update(gradient, states, w, t)
    states = step.states
    for (let index = 0; index < w.length; index++) {
      const moved = Math.fround(w[index]! - sign * step.update[index]!)
      if (!Number.isFinite(moved)) return Infinity
      w[index] = moved
    }
  }
  return landscape.loss(w)
}

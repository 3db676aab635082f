import * as tf from '@tensorflow/tfjs-core'
import type { OptimizerFactory } from '../runtime/optimizer-factory.ts'

/** Parameters of a convolutional network of 93,720 numbers: two layers of filters, two dense ones, and their biases. */
export const BENCH_SHAPES: readonly (readonly number[])[] = [
  [3, 3, 1, 16],
  [16],
  [3, 3, 16, 32],
  [32],
  [32, 32],
  [32],
  [1568, 56],
  [56],
]

/** Optimizer steps in a run that is measured. */
const TOTAL_STEPS = 1000

/** One optimizer on parameters of its own. */
export interface SteppedOptimizer {
  /** Takes one step, and waits until its weights are there. */
  step(): void
  dispose(): void
}

/** An optimizer that is only stepped, on the backend that is set, with the same gradients every time. */
export function steppedOptimizer(factory: OptimizerFactory): SteppedOptimizer {
  const optimizer = factory({ hyperparameters: {}, totalSteps: TOTAL_STEPS, seed: 1 })
  const weights = BENCH_SHAPES.map((shape, index) =>
    tf.variable(tf.randomUniform([...shape], -1, 1, 'float32', index + 1)),
  )
  const gradients = weights.map(({ name, shape }, index) => ({
    name,
    tensor: tf.randomUniform(shape, -1, 1, 'float32', 100 + index),
  }))
  return {
    step: () => {
      optimizer.applyGradients(gradients)
      for (const w of weights) w.dataSync()
    },
    dispose: () => {
      optimizer.dispose()
      tf.dispose(weights)
      tf.dispose(gradients)
    },
  }
}

/**
 * How long steps of an optimizer take beside those of another, in seconds: a few of one, a few of the other, until the time is
 * over.
 */
export function timeBeside(
  one: SteppedOptimizer,
  other: SteppedOptimizer,
  seconds: number,
): { readonly one: readonly number[]; readonly other: readonly number[] } {
  const timed = (optimizer: SteppedOptimizer): number => {
    const before = performance.now()
    optimizer.step()
    return (performance.now() - before) / 1000
  }
  const found = { one: [] as number[], other: [] as number[] }
  // The first steps make states, and machine code.
  for (let round = 0; round < 3; round++) [one, other].forEach(timed)
  const until = performance.now() + 1000 * seconds
  for (let round = 0; round < 3 || performance.now() < until; round++) {
    found.one.push(timed(one))
    found.other.push(timed(other))
  }
  return found
}

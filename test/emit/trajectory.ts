import * as tf from '@tensorflow/tfjs-core'
import type { OptimizerClass } from '../../src/emit/ts/load.ts'
import type { Program } from '../../src/ir/graph.ts'
import { simulate } from '../../src/plan/run/evaluate.ts'
import { childKey, createRandom, rootKey } from '../../src/operators/random.ts'

/** Length of the schedules; runs are shorter. */
export const TOTAL_STEPS = 20
const STEPS = 12
const SEED = 7

/** Starts and gradients of one parameter. */
export interface Stream {
  readonly shape: readonly number[]
  readonly start: number[]
  readonly gradients: number[][]
}

/** The same streams for the same name: two parameters, one of them a matrix, with 32-bit values. */
export function streams(name: string): Stream[] {
  return [[3, 4], [5]].map((shape, index) => {
    const random = createRandom(childKey(rootKey(SEED), name, index))
    const size = shape.reduce((a, b) => a * b, 1)
    const draw = (): number[] => Array.from({ length: size }, () => Math.fround(random.normal()))
    return { shape, start: draw(), gradients: Array.from({ length: STEPS }, draw) }
  })
}

/** The weights after each step, per parameter, as the emitted class takes them. */
export function runClass(
  Class: OptimizerClass,
  inputs: readonly Stream[],
  options: Readonly<Record<string, unknown>>,
): number[][][] {
  const optimizer = new Class({ totalSteps: TOTAL_STEPS, seed: SEED, ...options })
  const weights = inputs.map(({ shape, start }) => tf.variable(tf.tensor(start, [...shape])))
  const result: number[][][] = inputs.map(() => [])
  for (let step = 0; step < STEPS; step++) {
    tf.tidy(() => {
      optimizer.applyGradients(
        weights.map(({ name }, index) => {
          const { shape, gradients } = inputs[index]!
          return { name, tensor: tf.tensor(gradients[step]!, [...shape]) }
        }),
      )
    })
    weights.forEach((weight, index) => result[index]!.push(Array.from(weight.dataSync())))
  }
  optimizer.dispose()
  weights.forEach((weight) => weight.dispose())
  return result
}

/** The same by the evaluator. */
export function runEvaluator(
  program: Program,
  inputs: readonly Stream[],
  hyperparameters: Readonly<Record<string, number | ((t: number) => number)>>,
): number[][][] {
  return inputs.map(({ shape, start, gradients }, parameterIndex) =>
    simulate(
      program,
      { shape, hyperparameters, totalSteps: TOTAL_STEPS, seed: SEED, parameterIndex },
      start,
      gradients,
    ).map((weights) => Array.from(weights)),
  )
}

/** The first place where two runs differ by more than `tolerance` relative to the larger of 1 and the value. */
export function firstDifference(
  actual: readonly number[][][],
  expected: readonly number[][][],
  tolerance: number,
): string | undefined {
  for (const [parameter, steps] of expected.entries()) {
    for (const [step, weights] of steps.entries()) {
      for (const [element, weight] of weights.entries()) {
        const found = actual[parameter]![step]![element]!
        if (
          Object.is(found, weight) ||
          Math.abs(found - weight) <= tolerance * Math.max(1, Math.abs(weight))
        )
          continue
        return `parameter ${parameter}, step ${step}, element ${element}: ${found} instead of ${weight}`
      }
    }
  }
  return undefined
}

import * as tf from '@tensorflow/tfjs-core'
import type { NamedTensor } from './saved-run.ts'
import {
  addsUp,
  endStep,
  gradientPairs,
  leavesOut,
  preparedFor,
  readyVariables,
  type PrepareStep,
  type StepRule,
  type Steps,
} from './steps.ts'

/** A round of a step, which finds numbers over all variables and changes nothing. */
export interface StepRound {
  /** What a variable adds to each of them. */
  add(variable: { w: tf.Variable; g: tf.Tensor; index: number }): tf.Tensor[]
  /** How what all add becomes one number. */
  totals: ((parts: tf.Tensor) => tf.Tensor)[]
  /** What the step does once they are known. */
  then(...totals: tf.Tensor[]): StepRound | StepRule
}

/** The same as `takeStep` for a rule with numbers over all variables that have a gradient. */
export function takeStepInRounds<Name extends string>(
  steps: Steps<Name>,
  gradients: tf.NamedTensorMap | NamedTensor[],
  prepare: PrepareStep<Name, StepRound | StepRule>,
): boolean {
  const pairs = gradientPairs(gradients)
  if (leavesOut(steps, pairs) || addsUp(steps, pairs)) return false
  tf.tidy(() => {
    let parts = preparedFor(steps, prepare)
    const variables = readyVariables(steps, pairs)
    const isRound = (part: StepRound | StepRule): part is StepRound => typeof part !== 'function'
    for (let rounds = parts.filter(isRound); rounds.length > 0; rounds = parts.filter(isRound)) {
      const added = variables.flatMap(({ w, index, place, mean }) =>
        tf.tidy(() => {
          const g = mean()
          // There is no largest of no elements.
          return g === null || g.size === 0 ? [] : [rounds[place]!.add({ w, g, index })]
        }),
      )
      const found = rounds[0]!.totals.map((total, index) =>
        total(tf.stack([tf.scalar(0), ...added.map((each) => each[index]!)])),
      )
      parts = rounds.map((round) => round.then(...found))
    }
    const rules = parts.filter((part): part is StepRule => !isRound(part))
    for (const { w, index, place, mean } of variables) {
      tf.tidy(() => rules[place]!({ w, g: mean(), index }))
    }
  })
  endStep(steps)
  return true
}

/** Numbers that are kept for the run, by name: of the host, or 32-bit ones in tensors. */
export type RunNumbers = Readonly<Record<string, number | tf.Tensor>>

/** A copy of a number of the run that lasts beyond the step. */
export function keptNumber(x: tf.Tensor): tf.Tensor {
  return tf.keep(tf.clone(x))
}

/** The values of numbers of the run. */
export function readNumbers(run: readonly RunNumbers[]): Promise<Record<string, number>[]> {
  const read = async (x: number | tf.Tensor): Promise<number> =>
    typeof x === 'number' ? x : (await x.data())[0]!
  return Promise.all(
    run.map(async (numbers) => {
      const entries = Object.entries(numbers)
      const values = await Promise.all(
        entries.map(async ([name, x]) => [name, await read(x)] as const),
      )
      return Object.fromEntries(values)
    }),
  )
}

/** Frees the tensors among numbers of the run. */
export function disposeNumbers(run: readonly RunNumbers[]): void {
  for (const numbers of run) {
    for (const x of Object.values(numbers)) if (typeof x !== 'number') x.dispose()
  }
}

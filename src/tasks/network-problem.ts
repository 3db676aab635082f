import * as tf from '@tensorflow/tfjs-core'
import { childKey, createRandom } from '../operators/random.ts'
import type { Examples, ExampleSets } from './examples.ts'
import { buildNetwork, type Network, type NetworkModel } from './networks/network.ts'
import type { Objective } from './networks/objectives/objective.ts'
import type { StartOptions } from './open-task.ts'
import type { Problem, Score } from './problem.ts'

/** Examples evaluated at a time; the result does not depend on it but for rounding. */
const EVALUATION_BATCH = 500

/** Training examples that moving averages are taken of for weights that were not trained at. */
const CALIBRATION_BATCH = 1000

/** Trains `network`; each epoch is a new permutation of the training part, its incomplete last batch left out. */
export function networkProblem(
  network: Network,
  objective: Objective,
  sets: ExampleSets,
  { batchSize: wantedBatchSize, key }: StartOptions,
): Problem {
  const model = buildNetwork(network, sets, objective, key)
  const { train } = sets
  const batchSize = Math.min(wantedBatchSize, train.count)
  const batches = Math.floor(train.count / batchSize)
  const order = range(0, train.count)
  let shuffledFor = -1
  let shuffled: readonly number[] = order

  const chosen = (step: number): readonly number[] => {
    const epoch = Math.floor(step / batches)
    if (epoch !== shuffledFor) {
      shuffled = createRandom(childKey(key, 'shuffle', epoch)).shuffle(order)
      shuffledFor = epoch
    }
    const start = (step % batches) * batchSize
    return shuffled.slice(start, start + batchSize)
  }

  const targetsOf = (of: Examples, indices: readonly number[]): tf.Tensor =>
    objective.targets(of.answers(indices), indices.length, sets.outputs)
  const evaluate = (of: Examples): Promise<Score> => scoreExamples(model, objective, of)

  return {
    batchSize,
    parameters: model.layers.flatMap((layer) => layer.parameters),
    step: async (step) => {
      const indices = chosen(step)
      return tf.tidy(() => {
        const inputs = train.changed?.(indices, step) ?? train.inputs(indices)
        return model.step(inputs, targetsOf(train, indices), step)
      })
    },
    evaluate: (part) => evaluate(sets[part]),
    evaluateElsewhere: async (part) => {
      const some = train.inputs(order.slice(0, CALIBRATION_BATCH))
      try {
        return await model.withAveragesOf(some, () => evaluate(sets[part]))
      } finally {
        some.dispose()
      }
    },
    dispose: () => model.dispose(),
  }
}

/** The score of the model's present weights on all the examples. */
async function scoreExamples(
  model: NetworkModel,
  objective: Objective,
  of: Examples,
): Promise<Score> {
  let sums: readonly number[] = []
  for (let start = 0; start < of.count; start += EVALUATION_BATCH) {
    const indices = range(start, Math.min(of.count, start + EVALUATION_BATCH))
    const outputs = tf.tidy(() => model.outputs(of.inputs(indices)))
    const values = await outputs.data<'float32'>()
    outputs.dispose()
    const more = objective.sums(values, of.answers(indices), indices.length)
    sums = more.map((value, index) => value + (sums[index] ?? 0))
  }
  return objective.score(sums, of.count)
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, offset) => from + offset)

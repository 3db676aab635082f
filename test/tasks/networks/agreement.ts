import * as tf from '@tensorflow/tfjs-core'
import { rootKey } from '../../../src/operators/random.ts'
import type { NumberArray } from '../../../src/tasks/formats/number-array.ts'
import { fineTuningOf } from '../../../src/tasks/networks/fine-tuning.ts'
import { matchWeights } from '../../../src/tasks/networks/match-weights.ts'
import { buildNetwork, type Network } from '../../../src/tasks/networks/network.ts'
import { OBJECTIVES } from '../../../src/tasks/networks/objectives/table.ts'
import { plainName } from '../../../src/tasks/networks/weights.ts'
import { readWeights, type Tensors } from '../../../src/tasks/weight-files.ts'

/** The largest difference, as a share of the largest number, or of `floor` where all are smaller. */
export function largestDifference(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  floor = 1e-12,
): number {
  if (actual.length !== expected.length) return Infinity
  let [difference, size] = [0, 0]
  for (let index = 0; index < expected.length; index++) {
    difference = Math.max(difference, Math.abs(actual[index]! - expected[index]!))
    size = Math.max(size, Math.abs(expected[index]!))
  }
  return difference / Math.max(size, floor)
}

const largest = (values: Float32Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

export function tensorsIn(path: string): Tensors {
  const file = readWeights(path)
  if (!file.ok) throw new Error(`${file.problem.path} ${file.problem.problem}`)
  return file.value
}

/** How far a network with the weights of a file is from what another library says of them. */
export interface Agreement {
  readonly naming: string
  readonly unused: readonly string[]
  readonly evaluated: number
  readonly outputs: number
  /** For each parameter. */
  readonly gradients: ReadonlyMap<string, number>
}

/** Holds `network` with the weights of `weights` to `results`: images, labels, outputs and gradients by the names of the weights. */
export function agreementOf(network: Network, weights: string, results: string): Agreement {
  const expected = tensorsIn(results)
  const { shape, values } = expected.get('images')!
  const labels = expected.get('labels')!.values
  const classes = expected.get('outputs')!.shape[1]!
  const ends = { input: shape.slice(1), outputs: classes }
  const wish = { weights: { path: weights, tensors: tensorsIn(weights) } }
  const tuning = fineTuningOf(network, ends, OBJECTIVES.classification, wish)
  if (!tuning.ok) throw new Error(tuning.problem.problem)
  const { naming, unused } = tuning.value.weights!
  const build = () =>
    buildNetwork(network, ends, OBJECTIVES.classification, rootKey(1), tuning.value)
  const model = build()
  const images = tf.tensor(Float32Array.from(values), [...shape])
  const targets = OBJECTIVES.classification.targets(labels, labels.length, classes)
  const evaluated = tf.tidy(() => model.outputs(images).dataSync<'float32'>())
  const parameters = model.layers.flatMap((layer) => layer.parameters)
  const step = model.step(images, targets, 0)
  const gradientsOf = new Map(
    parameters.map(({ name }) => [plainName(name), step.gradients[name]!] as const),
  )
  const theirs = matchWeights(
    namedGradients(expected),
    [...gradientsOf].map(([name, gradient]) => ({ name, shape: gradient.shape })),
    new Set(),
    network.namings,
  )
  if (typeof theirs === 'string') throw new Error(theirs)
  // What is added before a normalisation has the gradient 0, and rounding in its place.
  const floor = 1e-3 * Math.max(...[...theirs.values.values()].map(largest))
  const gradients = new Map(
    [...gradientsOf].map(([name, gradient]) => [
      name,
      largestDifference(gradient.dataSync(), theirs.values.get(name)!, floor),
    ]),
  )
  const loss = step.loss.dataSync()[0]!
  const agreement = {
    ...{ naming, unused, gradients },
    evaluated: largestDifference(evaluated, expected.get('evaluated')!.values),
    // What a training step gives is seen in its loss alone.
    outputs: Math.abs(loss - crossEntropy(expected.get('outputs')!, labels)),
  }
  tf.dispose([images, targets, step.loss, step.correct ?? [], step.gradients])
  model.dispose()
  return agreement
}

const PREFIX = 'gradients/'

const namedGradients = (results: Tensors): Tensors =>
  new Map(
    [...results].flatMap(([name, tensor]) =>
      name.startsWith(PREFIX) ? [[name.slice(PREFIX.length), tensor] as const] : [],
    ),
  )

function crossEntropy({ values, shape }: NumberArray, labels: ArrayLike<number>): number {
  const [count = 0] = shape
  const sums = OBJECTIVES.classification.sums(Float32Array.from(values), labels, count)
  return OBJECTIVES.classification.score(sums, count).loss
}

import * as tf from '@tensorflow/tfjs-core'
import { childKey, type Key } from '../../operators/random.ts'
import type { StageGradients, StageStep } from '../../runtime/network-stages.ts'
import { createNetworkStep } from '../../runtime/wasm/network-step.ts'
import type { Carried } from './carried.ts'
import type { Shape } from './layer-kind.ts'
import type { Layer } from './layer.ts'
import { layerLists, type LayerSpec } from './layers/table.ts'
import type { Objective, ObjectiveStep } from './objectives/objective.ts'
import { layerKey, sequence } from './sequence.ts'
import type { FineTuning } from './match-weights.ts'
import { frozenLayer, setWeights } from './variables.ts'
import type { WeightNaming } from './weight-naming.ts'
import { weightMaker } from './weights.ts'

/** A network as data. */
export interface Network {
  /** Channels of its first stage, where widths may be given by those of the published search's. */
  readonly base?: number
  /** Each takes what the one before gives. */
  readonly layers: readonly LayerSpec[]
  /** What other libraries call its weights; it has our names alone when absent. */
  readonly namings?: readonly WeightNaming[]
}

/** What comes in and what has to come out. */
export interface NetworkEnds {
  /** Shape of an example. */
  readonly input: Shape
  /** How many numbers it has to give for one: classes. */
  readonly outputs: number
}

/** A network with its variables. */
export interface NetworkModel {
  readonly layers: readonly Layer[]
  /**
   * Loss and its gradient on one batch. `inputs` [batch, ...], `targets` as the objective makes them. Recurrent layers go on from what
   * `carried` holds, and leave it for the next batch. The caller disposes of all that is returned.
   */
  step(inputs: tf.Tensor, targets: tf.Tensor, step: number, carried?: Carried): NetworkStep
  /**
   * The same for one class each of examples that `write` writes, [batch, ...] as in `shape`; undefined where steps are not taken as a
   * whole.
   */
  stepWritten(
    shape: readonly number[],
    write: (inputs: Float32Array) => void,
    labels: ArrayLike<number>,
    step: number,
  ): WrittenStep | undefined
  /** What it gives for [batch, ...] in evaluation. */
  outputs(inputs: tf.Tensor, carried?: Carried): tf.Tensor
  /** What `f` gives with moving averages that are those of `inputs` under the present weights; they are put back afterwards. */
  withAveragesOf<T>(inputs: tf.Tensor, f: () => Promise<T>): Promise<T>
  dispose(): void
}

/** What one batch gives. */
export type NetworkStep = Omit<ObjectiveStep, 'gradient'> & {
  /** Gradient of the loss for each parameter's name. */
  readonly gradients: tf.NamedTensorMap
}

/** The same of a batch that was written: loss and hits are known at once. */
export interface WrittenStep extends Omit<StageGradients, 'gradients'> {
  readonly gradients: tf.NamedTensorMap
}

/**
 * Builds `network`; weights and dropout follow from `key`, but for the weights that `tuning` brings, and what it freezes is one
 * layer that nothing trains. Throws a RangeError where a layer does not take what comes to it.
 */
export function buildNetwork(
  network: Network,
  { input, outputs }: NetworkEnds,
  objective: Objective,
  key: Key,
  tuning?: FineTuning,
): NetworkModel {
  const make = weightMaker(childKey(key, 'weights'))
  const built = layerLists.build(network.layers, { name: '', make, input, outputs })
  if (tuning?.weights) setWeights(built, tuning.weights.values)
  const count = tuning?.frozenLayers.length ?? 0
  const layers = count === 0 ? built : [frozenLayer(built.slice(0, count)), ...built.slice(count)]
  const whole = sequence('', layers)
  const named = namedBy(layers)

  const inSteps: NetworkModel['step'] = (inputs, targets, step, carried) => {
    const pass = whole.train(inputs, { step, key, ...(carried && { carried }) })
    const { gradient, ...taken } = objective.step(pass.output, targets)
    const { parameters } = pass.backward(gradient, false)
    return { ...taken, gradients: named(parameters) }
  }

  const atOnce = wholeSteps(layers, objective, key)

  const written: NetworkModel['stepWritten'] = (shape, write, labels, step) => {
    const taken = atOnce.of(shape)
    if (taken === undefined) return undefined
    write(taken.inputs())
    const { gradients, ...values } = taken.run(labels, step)
    return { ...values, gradients: named(gradients.flat()) }
  }
  const fromTensors = (
    inputs: tf.Tensor,
    targets: tf.Tensor,
    step: number,
  ): NetworkStep | undefined => {
    const taken = atOnce.of(inputs.shape)
    if (taken === undefined) return undefined
    taken.copyInputs(inputs)
    const { loss, correct, gradients } = taken.run(classesOf(targets), step)
    return {
      loss: tf.scalar(loss),
      correct: tf.scalar(correct),
      gradients: named(gradients.flat()),
    }
  }
  return {
    layers,
    step: (inputs, targets, step, carried) =>
      tf.tidy(() => fromTensors(inputs, targets, step) ?? inSteps(inputs, targets, step, carried)),
    stepWritten: written,
    outputs: (inputs, carried) => tf.tidy(() => whole.infer(inputs, carried)),
    withAveragesOf: async (inputs, f) => {
      const kept = whole.state.map((state) => tf.clone(state))
      try {
        tf.tidy(() => void whole.calibrate?.(inputs))
        return await f()
      } finally {
        whole.state.forEach((state, index) => state.assign(kept[index]! as typeof state))
        tf.dispose(kept)
      }
    },
    dispose: () => {
      atOnce.dispose()
      tf.dispose([...whole.parameters, ...whole.state])
    },
  }
}

/** Gradients by the names of the parameters, in the order of the way back: rules draw random numbers in the order of the gradients. */
function namedBy(layers: readonly Layer[]): (gradients: readonly tf.Tensor[]) => tf.NamedTensorMap {
  const order: (readonly [name: string, place: number])[] = []
  let end = layers.reduce((count, { parameters }) => count + parameters.length, 0)
  for (const { parameters } of layers.toReversed()) {
    end -= parameters.length
    for (const [slot, { name }] of parameters.entries()) order.push([name, end + slot])
  }
  return (gradients) => {
    const result: tf.NamedTensorMap = {}
    for (const [name, place] of order) result[name] = gradients[place]!
    return result
  }
}

/** The class of each row of one-hot targets. */
function classesOf(targets: tf.Tensor): readonly number[] {
  const [rows = 0, classes = 0] = targets.shape
  const values = targets.dataSync<'float32'>()
  return Array.from({ length: rows }, (_, row) =>
    values.subarray(row * classes, (row + 1) * classes).indexOf(1),
  )
}

/** Steps that are taken as a whole, where the backend in use can. */
function wholeSteps(
  layers: readonly Layer[],
  { isCrossEntropy }: Objective,
  key: Key,
): {
  /** For inputs of a shape; undefined where steps are not taken so. */
  readonly of: (shape: readonly number[]) => StageStep | undefined
  readonly dispose: () => void
} {
  const stages = layers.flatMap((layer) => layer.stage?.(layerKey(key, layer)) ?? [])
  if (!isCrossEntropy || stages.length < layers.length)
    return { of: () => undefined, dispose: () => undefined }
  /** For the backend and the shape of the last step. */
  let made: { readonly for: string; readonly taken: StageStep | undefined } | undefined
  return {
    of: (shape) => {
      const wanted = `${tf.getBackend()} ${shape.join()}`
      if (made?.for !== wanted) {
        made?.taken?.dispose()
        made = { for: wanted, taken: createNetworkStep(stages, shape) }
      }
      return made.taken
    },
    dispose: () => made?.taken?.dispose(),
  }
}

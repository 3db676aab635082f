import * as tf from '@tensorflow/tfjs-core'
import { childKey, type Key } from '../../operators/random.ts'
import type { StageStep } from '../../runtime/network-stages.ts'
import { createNetworkStep } from '../../runtime/wasm/network-step.ts'
import type { Shape } from './layer-kind.ts'
import type { Layer } from './layer.ts'
import { layerLists, type LayerSpec } from './layers/table.ts'
import type { Objective, ObjectiveStep } from './objectives/objective.ts'
import { layerKey, sequence } from './sequence.ts'
import { weightMaker } from './weights.ts'

/** A network as data. */
export interface Network {
  /** Channels of its first stage, where widths may be given by those of the published search's. */
  readonly base?: number
  /** Each takes what the one before gives. */
  readonly layers: readonly LayerSpec[]
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
   * Loss and its gradient on one batch. `inputs` [batch, ...], `targets` as the objective makes them. The caller disposes of all that is
   * returned.
   */
  step(inputs: tf.Tensor, targets: tf.Tensor, step: number): NetworkStep
  /** What it gives for [batch, ...] in evaluation. */
  outputs(inputs: tf.Tensor): tf.Tensor
  /** What `f` gives with moving averages that are those of `inputs` under the present weights; they are put back afterwards. */
  withAveragesOf<T>(inputs: tf.Tensor, f: () => Promise<T>): Promise<T>
  dispose(): void
}

/** What one batch gives. */
export type NetworkStep = Omit<ObjectiveStep, 'gradient'> & {
  /** Gradient of the loss for each parameter's name. */
  readonly gradients: tf.NamedTensorMap
}

/** Builds `network`; weights and dropout follow from `key`. Throws a RangeError where a layer does not take what comes to it. */
export function buildNetwork(
  network: Network,
  { input, outputs }: NetworkEnds,
  objective: Objective,
  key: Key,
): NetworkModel {
  const make = weightMaker(childKey(key, 'weights'))
  const layers = layerLists.build(network.layers, { name: '', make, input, outputs })
  const whole = sequence('', layers)

  const inSteps = (inputs: tf.Tensor, targets: tf.Tensor, step: number): NetworkStep => {
    const pass = whole.train(inputs, { step, key })
    const { gradient, ...taken } = objective.step(pass.output, targets)
    const { parameters } = pass.backward(gradient, false)
    return { ...taken, gradients: named(layers, parameters) }
  }

  const atOnce = wholeSteps(layers, objective, key)
  return {
    layers,
    step: (inputs, targets, step) =>
      tf.tidy(() => atOnce.step(inputs, targets, step) ?? inSteps(inputs, targets, step)),
    outputs: (inputs) => tf.tidy(() => whole.infer(inputs)),
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
function named(layers: readonly Layer[], gradients: readonly tf.Tensor[]): tf.NamedTensorMap {
  const result: tf.NamedTensorMap = {}
  let end = gradients.length
  for (const { parameters } of layers.toReversed()) {
    end -= parameters.length
    for (const [slot, parameter] of parameters.entries())
      result[parameter.name] = gradients[end + slot]!
  }
  return result
}

/** Steps that are taken as a whole, where the backend in use can. */
function wholeSteps(
  layers: readonly Layer[],
  { isCrossEntropy }: Objective,
  key: Key,
): {
  readonly step: (...parameters: Parameters<NetworkModel['step']>) => NetworkStep | undefined
  readonly dispose: () => void
} {
  const stages = layers.flatMap((layer) => layer.stage?.(layerKey(key, layer)) ?? [])
  if (!isCrossEntropy || stages.length < layers.length)
    return { step: () => undefined, dispose: () => undefined }
  /** For the backend and the shape of the last step. */
  let made: { readonly for: string; readonly taken: StageStep | undefined } | undefined
  return {
    step: (inputs, targets, step) => {
      const wanted = `${tf.getBackend()} ${inputs.shape.join()}`
      if (made?.for !== wanted) {
        made?.taken?.dispose()
        made = { for: wanted, taken: createNetworkStep(stages, inputs.shape) }
      }
      const result = made.taken?.run(inputs, targets, step)
      if (result === undefined) return undefined
      const { loss, correct, gradients } = result
      return { loss, correct, gradients: named(layers, gradients.flat()) }
    },
    dispose: () => made?.taken?.dispose(),
  }
}

import * as tf from '@tensorflow/tfjs-core'
import { childKey, type Key } from '../operators/random.ts'
import { softmaxCrossEntropy } from '../runtime/cross-entropy.ts'
import type { StageStep } from '../runtime/network-stages.ts'
import { createNetworkStep } from '../runtime/wasm/network-step.ts'
import type { ImageShape } from './images.ts'
import type { Forward, Layer } from './layer.ts'
import {
  convolutionLayer,
  denseLayer,
  dropoutLayer,
  flattenLayer,
  globalAverageLayer,
  normalizeSwishLayer,
  rectifierLayer,
} from './layers.ts'
import type { Network } from './network-shape.ts'
import { weightMaker, type WeightMaker } from './weights.ts'

/** A network for images with its variables. */
export interface NetworkModel {
  readonly layers: readonly Layer[]
  /**
   * Loss and its gradient on one batch. `images` [batch, height, width, channels], `labels` [batch, classes] one-hot. The caller
   * disposes of all that is returned.
   */
  step(images: tf.Tensor4D, labels: tf.Tensor2D, step: number): NetworkStep
  /** Class scores [batch, classes] before the softmax, in evaluation. */
  scores(images: tf.Tensor4D): tf.Tensor2D
  /** What `f` gives with moving averages that are those of `images` under the present weights; they are put back afterwards. */
  withAveragesOf<T>(images: tf.Tensor4D, f: () => Promise<T>): Promise<T>
  dispose(): void
}

/** What one batch gives. */
export type NetworkStep = {
  /** Mean cross-entropy of the batch, in nats. */
  readonly loss: tf.Scalar
  /** How many of the batch are classified right. */
  readonly correct: tf.Scalar
  /** Gradient of the loss for each parameter's name. */
  readonly gradients: tf.NamedTensorMap
}

/** Images and what they are sorted into. */
export interface ImageClasses extends ImageShape {
  readonly classes: number
}

/** Builds `network` for images of that shape; weights and dropout follow from `key`. */
export function buildNetwork(network: Network, image: ImageClasses, key: Key): NetworkModel {
  const layers = makeLayers(network, image, weightMaker(childKey(key, 'weights')))
  const keys = layers.map((layer) => childKey(key, 'layer', layer.name))
  const firstTrained = layers.findIndex((layer) => layer.parameters.length > 0)

  const stepInside = (images: tf.Tensor4D, labels: tf.Tensor2D, step: number): NetworkStep => {
    const passes: Forward[] = []
    let flow: tf.Tensor = images
    for (const [index, layer] of layers.entries()) {
      const pass = layer.train(flow, { step, key: keys[index]! })
      passes.push(pass)
      flow = pass.output
    }
    const { loss, correct, gradient } = softmaxCrossEntropy(flow as tf.Tensor2D, labels)
    const gradients: tf.NamedTensorMap = {}
    let back: tf.Tensor | undefined = gradient
    for (let index = layers.length - 1; index >= firstTrained && back !== undefined; index--) {
      const result = passes[index]!.backward(back, index > firstTrained)
      for (const [slot, parameter] of layers[index]!.parameters.entries())
        gradients[parameter.name] = result.parameters[slot]!
      back = result.input
    }
    return { loss, correct, gradients }
  }

  const whole = wholeSteps(layers, keys)
  return {
    layers,
    step: (images, labels, step) =>
      tf.tidy(() => whole.step(images, labels, step) ?? stepInside(images, labels, step)),
    scores: (images) =>
      tf.tidy(
        () => layers.reduce<tf.Tensor>((flow, layer) => layer.infer(flow), images) as tf.Tensor2D,
      ),
    withAveragesOf: async (images, f) => {
      const states = layers.flatMap(({ state }) => state)
      const kept = states.map((state) => tf.clone(state))
      try {
        tf.tidy(() => {
          let flow: tf.Tensor = images
          for (const layer of layers) flow = layer.calibrate?.(flow) ?? layer.infer(flow)
        })
        return await f()
      } finally {
        states.forEach((state, index) => state.assign(kept[index]! as typeof state))
        tf.dispose(kept)
      }
    },
    dispose: () => {
      whole.dispose()
      for (const layer of layers) tf.dispose([...layer.parameters, ...layer.state])
    },
  }
}

/** Steps that are taken as a whole, where the backend in use can. */
function wholeSteps(
  layers: readonly Layer[],
  keys: readonly Key[],
): {
  readonly step: (...parameters: Parameters<NetworkModel['step']>) => NetworkStep | undefined
  readonly dispose: () => void
} {
  const stages = layers.map((layer, index) => layer.stage(keys[index]!))
  /** For the backend and the number of images of the last step. */
  let made: { readonly for: string; readonly taken: StageStep | undefined } | undefined
  return {
    step: (images, labels, step) => {
      const wanted = `${tf.getBackend()} ${images.shape.join()}`
      if (made?.for !== wanted) {
        made?.taken?.dispose()
        made = { for: wanted, taken: createNetworkStep(stages, images.shape) }
      }
      const result = made.taken?.run(images, labels, step)
      if (result === undefined) return undefined
      const gradients: tf.NamedTensorMap = {}
      // In the order of the way back: rules draw random numbers in the order of the gradients.
      for (const [index, layer] of [...layers.entries()].reverse())
        for (const [slot, parameter] of layer.parameters.entries())
          gradients[parameter.name] = result.gradients[index]![slot]!
      return { loss: result.loss, correct: result.correct, gradients }
    },
    dispose: () => made?.taken?.dispose(),
  }
}

function makeLayers(network: Network, image: ImageClasses, make: WeightMaker): Layer[] {
  switch (network.kind) {
    case 'mlp': {
      const layers: Layer[] = [flattenLayer('flatten')]
      let inputs = image.height * image.width * image.channels
      for (const [index, width] of network.hidden.entries()) {
        layers.push(denseLayer(`dense${index + 1}`, make, inputs, width))
        layers.push(rectifierLayer(`rectifier${index + 1}`))
        inputs = width
      }
      return [...layers, denseLayer('classes', make, inputs, image.classes)]
    }
    case 'cnn': {
      const [first, second, third] = network.widths
      return [
        convolutionLayer('convolution1', make, image.channels, first, 1),
        normalizeSwishLayer('normalization1', make, first),
        convolutionLayer('convolution2', make, first, second, 2),
        normalizeSwishLayer('normalization2', make, second),
        convolutionLayer('convolution3', make, second, third, 2),
        normalizeSwishLayer('normalization3', make, third),
        globalAverageLayer('average'),
        dropoutLayer('dropout', network.dropout),
        denseLayer('classes', make, third, image.classes),
      ]
    }
  }
}

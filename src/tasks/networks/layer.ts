import type * as tf from '@tensorflow/tfjs-core'
import type { Key } from '../../operators/random.ts'
import type { Stage } from '../../runtime/network-stages.ts'

/** A trainable tensor and the name it is registered under. */
export type Parameter = tf.Variable

/** What a layer may depend on besides its input while training. */
export interface StepContext {
  /** Number of the training step, from 0. */
  readonly step: number
  /** The random stream of this layer in this run. */
  readonly key: Key
}

/** What flows back through a layer. */
export interface Backward {
  /** Gradient of the layer's input; absent when it was not asked for. */
  readonly input?: tf.Tensor
  /** Gradients of the layer's parameters, in their order. */
  readonly parameters: readonly tf.Tensor[]
}

/** A layer's output on a training batch, and the way back. */
export interface Forward {
  readonly output: tf.Tensor
  /** `gradient`: the loss's gradient of the output. `inputWanted`: whether the gradient of the input is needed. */
  backward(gradient: tf.Tensor, inputWanted: boolean): Backward
}

/**
 * One layer with its gradient written out: no tape is recorded, nothing but these kernels runs. Called inside a tf.tidy;
 * a layer keeps no tensor of a step.
 */
export interface Layer {
  readonly name: string
  /** What the optimizer trains. */
  readonly parameters: readonly Parameter[]
  /** What training changes by other means: moving averages. */
  readonly state: readonly tf.Variable[]
  /** What it does in a training step, as data; absent where steps that are taken as a whole do not know it. `key`: its random stream. */
  stage?: (key: Key) => Stage
  train(input: tf.Tensor, context: StepContext): Forward
  infer(input: tf.Tensor): tf.Tensor
  /** Makes the state what it is on this input alone, and gives what `infer` then does; absent where there is no state. */
  calibrate?(input: tf.Tensor): tf.Tensor
}

/** A layer without parameters or state. */
export function plainLayer(name: string, passes: Pick<Layer, 'stage' | 'train' | 'infer'>): Layer {
  return { name, parameters: [], state: [], ...passes }
}

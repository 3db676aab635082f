import * as tf from '@tensorflow/tfjs-core'

/** Operations that tfjs-layers and the gradients of tfjs-core call as methods of tensors. */
const CALLED = [
  'flatten',
  'reshape',
  'sign',
  'slice',
  'split',
  'stridedSlice',
  'transpose',
] as const

type Operation = (tensor: tf.Tensor, ...more: readonly unknown[]) => unknown

/**
 * Gives tensors the methods that tfjs-layers calls. The package `@tensorflow/tfjs` does so; with `tfjs-core` and `tfjs-layers` alone
 * recurrent layers cannot draw their orthogonal weights. Methods that are there stay.
 */
export function registerTensorMethods(): void {
  const operations = { ...tf, flatten: (tensor: tf.Tensor) => tf.reshape(tensor, [tensor.size]) }
  const methods = tf.Tensor.prototype as unknown as Record<string, unknown>
  for (const name of CALLED) {
    const operation = operations[name] as Operation
    methods[name] ??= function (this: tf.Tensor, ...more: readonly unknown[]): unknown {
      return operation(this, ...more)
    }
  }
}

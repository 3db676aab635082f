import * as tf from '@tensorflow/tfjs-core'
import { childKey } from '../../operators/random.ts'
import type { Backward, Forward, Layer } from './layer.ts'

/** Layers one after the other as one layer. Each draws from a stream of its own, named after it. */
export function sequence(name: string, layers: readonly Layer[]): Layer {
  const firstTrained = layers.findIndex((layer) => layer.parameters.length > 0)
  const backward = (
    passes: readonly Forward[],
    gradient: tf.Tensor,
    inputWanted: boolean,
  ): Backward => {
    const first = inputWanted ? 0 : firstTrained
    const parameters: (readonly tf.Tensor[])[] = layers.map(() => [])
    let back: tf.Tensor | undefined = gradient
    for (let index = layers.length - 1; index >= first && first >= 0; index--) {
      if (back === undefined) break
      const result: Backward = passes[index]!.backward(back, inputWanted || index > first)
      parameters[index] = result.parameters
      back = result.input
    }
    return {
      parameters: parameters.flat(),
      ...(inputWanted && back !== undefined && { input: back }),
    }
  }
  return {
    name,
    parameters: layers.flatMap((layer) => layer.parameters),
    state: layers.flatMap((layer) => layer.state),
    infer: (x, carried) => through(layers, x, (layer, flow) => layer.infer(flow, carried)),
    ...(layers.some(({ calibrate }) => calibrate) && {
      calibrate: (x: tf.Tensor) =>
        through(layers, x, (layer, flow) => layer.calibrate?.(flow) ?? layer.infer(flow)),
    }),
    train: (x, { key, ...context }) => {
      const passes: Forward[] = []
      let flow = x
      for (const layer of layers) {
        const pass = layer.train(flow, { ...context, key: layerKey(key, layer) })
        passes.push(pass)
        flow = pass.output
      }
      return {
        output: flow,
        backward: (dy, inputWanted) => backward(passes, dy, inputWanted),
      }
    },
  }
}

/** What the last layer gives for `x`. What those before give is freed on the way: a deep network would not fit into memory. */
function through(
  layers: readonly Layer[],
  x: tf.Tensor,
  pass: (layer: Layer, flow: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  let flow = x
  for (const layer of layers) {
    const before = flow
    flow = tf.tidy(() => pass(layer, before))
    if (before !== x && before !== flow) before.dispose()
  }
  return flow
}

/** The random stream of a layer among others with the stream `key`. */
export const layerKey = (key: Parameters<typeof childKey>[0], { name }: Layer) =>
  childKey(key, 'layer', name)

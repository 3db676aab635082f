import type * as tf from '@tensorflow/tfjs-core'
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
    infer: (x) => layers.reduce<tf.Tensor>((flow, layer) => layer.infer(flow), x),
    ...(layers.some(({ calibrate }) => calibrate) && {
      calibrate: (x: tf.Tensor) =>
        layers.reduce((flow, layer) => layer.calibrate?.(flow) ?? layer.infer(flow), x),
    }),
    train: (x, { step, key }) => {
      const passes: Forward[] = []
      let flow = x
      for (const layer of layers) {
        const pass = layer.train(flow, { step, key: layerKey(key, layer) })
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

/** The random stream of a layer among others with the stream `key`. */
export const layerKey = (key: Parameters<typeof childKey>[0], { name }: Layer) =>
  childKey(key, 'layer', name)

import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { childKey } from '../../../operators/random.ts'
import type { Layer, StepContext } from '../layer.ts'
import {
  layerName,
  type LayerKind,
  type LayerLists,
  type NamedSpec,
  type Shape,
} from '../layer-kind.ts'
import { sequence } from '../sequence.ts'
import { writeDropoutMask } from './dropout-mask.ts'

export interface ResidualSpec<Spec> extends NamedSpec {
  readonly kind: 'residual'
  readonly layers: readonly Spec[]
  /** Probability that a training step leaves out what the layers make of an example; 0 when absent. */
  readonly drop?: number
}

const isSame = (one: Shape, other: Shape): boolean => one.join() === other.join()

/** The row of what adds its input to what its layers make of it. */
export function residualKind<Spec>(lists: LayerLists<Spec>): LayerKind<ResidualSpec<Spec>> {
  return {
    summary:
      'x plus what its `layers` make of x, which must have the shape of x; in training left out with probability `drop` for each example, and else scaled by 1/(1-drop) (stochastic depth)',
    schema: z.strictObject({
      kind: z.literal('residual'),
      name: layerName,
      layers: lists.schema,
      drop: z.number().min(0).lt(1).exactOptional(),
    }),
    shape: ({ layers }, input, outputs) => {
      const inner = lists.shape(layers, input, outputs)
      if (typeof inner === 'string') return inner
      return isSame(inner, input)
        ? input
        : `adds what has the shape [${inner.join(', ')}] to its input of [${input.join(', ')}]`
    },
    work: ({ layers }, input) => lists.work(layers, input, 0),
    widened: (spec, factor) => ({ ...spec, layers: lists.widened(spec.layers, factor) }),
    build: ({ layers, drop = 0 }, place) =>
      residual(sequence(place.name, lists.build(layers, place)), drop),
  }
}

/** Adds its input to what `inner` makes of it; stochastic depth as in Huang et al., arXiv 1603.09382, with the scale in training. */
function residual(inner: Layer, drop: number): Layer {
  const { stage: _, ...rest } = inner
  return {
    ...rest,
    infer: (x, carried) => tf.add(x, inner.infer(x, carried)),
    ...(inner.calibrate && { calibrate: (x) => tf.add(x, inner.calibrate!(x)) }),
    train: (x, context) => {
      const forward = inner.train(x, context)
      const factors = drop === 0 ? undefined : survival(x, drop, context)
      const kept = (branch: tf.Tensor): tf.Tensor =>
        factors === undefined ? branch : tf.mul(branch, factors)
      return {
        output: tf.add(x, kept(forward.output)),
        backward: (dy, inputWanted) => {
          const { input, parameters } = forward.backward(kept(dy), inputWanted)
          return { parameters, ...(input !== undefined && { input: tf.add(dy, input) }) }
        },
      }
    },
  }
}

/** A factor for each example, [batch, 1, ...]: 0 with probability `drop`, else 1/(1-drop); a function of stream and step. */
function survival({ shape, rank }: tf.Tensor, drop: number, { step, key }: StepContext): tf.Tensor {
  const batch = shape[0] ?? 0
  const factors = new Float32Array(batch)
  writeDropoutMask(factors, drop, childKey(key, 'drop'), step)
  return tf.tensor(factors, [batch, ...new Array<number>(rank - 1).fill(1)])
}

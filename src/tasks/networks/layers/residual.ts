import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import type { Layer } from '../layer.ts'
import {
  layerName,
  type LayerKind,
  type LayerLists,
  type NamedSpec,
  type Shape,
} from '../layer-kind.ts'
import { sequence } from '../sequence.ts'

export interface ResidualSpec<Spec> extends NamedSpec {
  readonly kind: 'residual'
  readonly layers: readonly Spec[]
}

const isSame = (one: Shape, other: Shape): boolean => one.join() === other.join()

/** The row of what adds its input to what its layers make of it. */
export function residualKind<Spec>(lists: LayerLists<Spec>): LayerKind<ResidualSpec<Spec>> {
  return {
    summary: 'x plus what its `layers` make of x, which must have the shape of x',
    schema: z.strictObject({ kind: z.literal('residual'), name: layerName, layers: lists.schema }),
    shape: ({ layers }, input, outputs) => {
      const inner = lists.shape(layers, input, outputs)
      if (typeof inner === 'string') return inner
      return isSame(inner, input)
        ? input
        : `adds what has the shape [${inner.join(', ')}] to its input of [${input.join(', ')}]`
    },
    work: ({ layers }, input) => lists.work(layers, input, 0),
    widened: (spec, factor) => ({ ...spec, layers: lists.widened(spec.layers, factor) }),
    build: ({ layers }, place) => residual(sequence(place.name, lists.build(layers, place))),
  }
}

function residual(inner: Layer): Layer {
  const { stage: _, ...rest } = inner
  return {
    ...rest,
    infer: (x) => tf.add(x, inner.infer(x)),
    ...(inner.calibrate && { calibrate: (x) => tf.add(x, inner.calibrate!(x)) }),
    train: (x, context) => {
      const forward = inner.train(x, context)
      return {
        output: tf.add(x, forward.output),
        backward: (dy, inputWanted) => {
          const { input, parameters } = forward.backward(dy, inputWanted)
          return { parameters, ...(input !== undefined && { input: tf.add(dy, input) }) }
        },
      }
    },
  }
}

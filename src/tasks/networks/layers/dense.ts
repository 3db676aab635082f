import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import type { Layer } from '../layer.ts'
import {
  count,
  layerName,
  scaled,
  sizeOf,
  type LayerKind,
  type LayerPlace,
  type NamedSpec,
} from '../layer-kind.ts'

export interface DenseSpec extends NamedSpec {
  readonly kind: 'dense'
  /** How many numbers come out; `outputs`: as many as the network has to give. */
  readonly units: number | 'outputs'
}

const unitsOf = ({ units }: DenseSpec, outputs: number): number =>
  units === 'outputs' ? outputs : units

export const dense: LayerKind<DenseSpec> = {
  summary: 'x W + b over the last axis; Glorot uniform W, zero b',
  schema: z.strictObject({
    kind: z.literal('dense'),
    name: layerName,
    units: z.union([count, z.literal('outputs')], {
      error: 'expected a whole number from 1, or "outputs"',
    }),
  }),
  shape: (spec, input, outputs) => [...input.slice(0, -1), unitsOf(spec, outputs)],
  work: (_, input, output) => sizeOf(input) * output.at(-1)!,
  widened: (spec, factor) =>
    spec.units === 'outputs' ? spec : { ...spec, units: scaled(spec.units, factor) },
  build: (_, place, output) => denseLayer(place, output.at(-1)!),
}

function denseLayer({ name, make, input }: LayerPlace, outputs: number): Layer {
  const inputs = input.at(-1)!
  const weights = make.glorot(`${name}/kernel`, [inputs, outputs]) as tf.Variable<tf.Rank.R2>
  const bias = make.constant(`${name}/bias`, [outputs], 0) as tf.Variable<tf.Rank.R1>
  const asRows = (x: tf.Tensor): tf.Tensor2D =>
    x.rank === 2 ? (x as tf.Tensor2D) : tf.reshape(x, [-1, x.shape.at(-1)!])
  const shapedLike = (rows: tf.Tensor, x: tf.Tensor): tf.Tensor =>
    x.rank === 2 ? rows : tf.reshape(rows, [...x.shape.slice(0, -1), rows.shape.at(-1)!])
  const infer = (x: tf.Tensor): tf.Tensor =>
    shapedLike(tf.add(tf.matMul(asRows(x), weights), bias), x)
  return {
    name,
    parameters: [weights, bias],
    state: [],
    ...(input.length === 1 && { stage: () => ({ kind: 'dense', weights, bias }) as const }),
    infer,
    train: (x) => ({
      output: infer(x),
      backward: (dy, inputWanted) => {
        const slopes = asRows(dy)
        return {
          parameters: [tf.matMul(asRows(x), slopes, true, false), tf.sum(slopes, 0)],
          ...(inputWanted && { input: shapedLike(tf.matMul(slopes, weights, false, true), x) }),
        }
      },
    }),
  }
}

import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { columnSums } from '../../../runtime/column-sums.ts'
import { lookUp, lookUpGradient } from '../../../runtime/embedding.ts'
import { asRows, type Layer } from '../layer.ts'
import {
  count,
  layerName,
  scaled,
  sizeOf,
  type LayerKind,
  type LayerLists,
  type LayerPlace,
  type NamedSpec,
} from '../layer-kind.ts'
import { sequence } from '../sequence.ts'
import { embeddingTable } from './embedding.ts'

export interface TiedEmbeddingSpec<Spec> extends NamedSpec {
  readonly kind: 'tiedEmbedding'
  /** Length of each number's vector. */
  readonly units: number
  /** Whether each number's score has a bias of its own; false when absent. */
  readonly bias?: boolean
  readonly layers: readonly Spec[]
}

/** The row of what scores numbers by the vectors it knows them by. */
export function tiedEmbeddingKind<Spec>(
  lists: LayerLists<Spec>,
): LayerKind<TiedEmbeddingSpec<Spec>> {
  return {
    summary:
      'a vector for each whole number of an example, through its `layers`, then a score for each number: the product with its vector (arXiv 1608.05859)',
    schema: z.strictObject({
      kind: z.literal('tiedEmbedding'),
      name: layerName,
      units: count,
      bias: z.boolean().exactOptional(),
      layers: lists.schema,
    }),
    shape: ({ units, layers }, input, outputs) => {
      const inner = lists.shape(layers, [...input, units], units)
      if (typeof inner === 'string') return inner
      return inner.at(-1) === units
        ? [...inner.slice(0, -1), outputs]
        : `compares vectors of ${inner.at(-1)} with those of ${units} that stand for numbers`
    },
    work: ({ units, layers }, input, output) =>
      lists.work(layers, [...input, units], units) + sizeOf(output) * units,
    widened: (spec, factor) => ({
      ...spec,
      units: scaled(spec.units, factor),
      layers: lists.widened(spec.layers, factor),
    }),
    build: ({ units, bias = false, layers }, place) => {
      const inside = { ...place, input: [...place.input, units], outputs: units }
      return tiedEmbedding(place, units, bias, sequence(place.name, lists.build(layers, inside)))
    },
  }
}

function tiedEmbedding(place: LayerPlace, units: number, isBiased: boolean, inner: Layer): Layer {
  const { name, make, outputs } = place
  const table = embeddingTable(place, outputs, units)
  const bias = isBiased ? make.constant(`${name}/bias`, [outputs], 0) : undefined
  const scored = (x: tf.Tensor): tf.Tensor => {
    const products = tf.matMul(asRows(x), table, false, true)
    const scores = bias === undefined ? products : tf.add(products, bias)
    return tf.reshape(scores, [...x.shape.slice(0, -1), outputs])
  }
  return {
    name,
    parameters: [table, ...(bias === undefined ? [] : [bias]), ...inner.parameters],
    state: inner.state,
    infer: (x, carried) => scored(inner.infer(lookUp(table, x), carried)),
    ...(inner.calibrate && { calibrate: (x) => scored(inner.calibrate!(lookUp(table, x))) }),
    train: (x, context) => {
      const pass = inner.train(lookUp(table, x), context)
      return {
        output: scored(pass.output),
        backward: (dy) => {
          const slopes = asRows(dy)
          const back = tf.reshape(tf.matMul(slopes, table), pass.output.shape)
          const { input, parameters } = pass.backward(back, true)
          const asScores = tf.matMul(slopes, asRows(pass.output), true, false)
          const both = tf.add(asScores, lookUpGradient(input!, x, outputs))
          return {
            parameters: [both, ...(bias === undefined ? [] : [columnSums(slopes)]), ...parameters],
          }
        },
      }
    },
  }
}

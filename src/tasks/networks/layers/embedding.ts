import type * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { lookUp, lookUpGradient } from '../../../runtime/embedding.ts'
import type { Layer } from '../layer.ts'
import {
  count,
  layerName,
  scaled,
  type LayerKind,
  type LayerPlace,
  type NamedSpec,
} from '../layer-kind.ts'

export interface EmbeddingSpec extends NamedSpec {
  readonly kind: 'embedding'
  /** How many numbers there may be, from 0; `outputs`: as many as the network has to give. */
  readonly vocabulary: number | 'outputs'
  /** Length of each one's vector. */
  readonly units: number
}

/** Vectors begin uniform within it. */
const EMBEDDING_LIMIT = 0.1

export const embedding: LayerKind<EmbeddingSpec> = {
  summary: `a vector for each whole number of an example, begun uniform in +-${EMBEDDING_LIMIT}`,
  schema: z.strictObject({
    kind: z.literal('embedding'),
    name: layerName,
    vocabulary: z.union([count, z.literal('outputs')], {
      error: 'expected a whole number from 1, or "outputs"',
    }),
    units: count,
  }),
  shape: ({ units }, input) => [...input, units],
  widened: (spec, factor) => ({ ...spec, units: scaled(spec.units, factor) }),
  build: ({ vocabulary, units }, place) =>
    embeddingLayer(place, vocabulary === 'outputs' ? place.outputs : vocabulary, units),
}

/** Vectors of `vocabulary` numbers. */
export function embeddingTable(
  { name, make }: Pick<LayerPlace, 'name' | 'make'>,
  vocabulary: number,
  units: number,
): tf.Variable<tf.Rank.R2> {
  const table = make.uniform(`${name}/embeddings`, [vocabulary, units], EMBEDDING_LIMIT)
  return table as tf.Variable<tf.Rank.R2>
}

function embeddingLayer(place: LayerPlace, vocabulary: number, units: number): Layer {
  const table = embeddingTable(place, vocabulary, units)
  return {
    name: place.name,
    parameters: [table],
    state: [],
    infer: (x) => lookUp(table, x),
    train: (x) => ({
      output: lookUp(table, x),
      // Numbers have no gradient.
      backward: (dy) => ({ parameters: [lookUpGradient(dy, x, vocabulary)] }),
    }),
  }
}

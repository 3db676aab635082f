import { z } from 'zod'
import { layerName, type LayerKind, type LayerLists, type NamedSpec } from '../layer-kind.ts'
import { sequence } from '../sequence.ts'

export interface SequenceSpec<Spec> extends NamedSpec {
  readonly kind: 'sequence'
  readonly layers: readonly Spec[]
}

/** The row of layers one after the other under one name. */
export function sequenceKind<Spec>(lists: LayerLists<Spec>): LayerKind<SequenceSpec<Spec>> {
  return {
    summary: 'its `layers` one after the other, under one name',
    schema: z.strictObject({ kind: z.literal('sequence'), name: layerName, layers: lists.schema }),
    shape: ({ layers }, input, outputs) => lists.shape(layers, input, outputs),
    work: ({ layers }, input) => lists.work(layers, input, 0),
    widened: (spec, factor) => ({ ...spec, layers: lists.widened(spec.layers, factor) }),
    build: ({ layers }, place) => sequence(place.name, lists.build(layers, place)),
  }
}

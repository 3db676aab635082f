import { z } from 'zod'
import type { Layer } from '../layer.ts'
import type { LayerKind, LayerLists, NamedSpec, Shape } from '../layer-kind.ts'
import { convolution, type ConvolutionSpec } from './convolution.ts'
import { dense, type DenseSpec } from './dense.ts'
import { dropout, type DropoutSpec } from './dropout.ts'
import { flatten, type FlattenSpec } from './flatten.ts'
import { globalAverage, type GlobalAverageSpec } from './global-average.ts'
import { normalizeSwish, type NormalizeSwishSpec } from './normalize-swish.ts'
import { rectifier, type RectifierSpec } from './rectifier.ts'
import { residualKind, type ResidualSpec } from './residual.ts'

/** A layer as data: what a file says of it. */
export type LayerSpec =
  | ConvolutionSpec
  | DenseSpec
  | DropoutSpec
  | FlattenSpec
  | GlobalAverageSpec
  | NormalizeSwishSpec
  | RectifierSpec
  | ResidualSpec<LayerSpec>

type Kinds = {
  readonly [Kind in LayerSpec['kind']]: LayerKind<Extract<LayerSpec, { kind: Kind }>>
}

/** Lists of layers, each taking what the one before gives. */
export const layerLists: LayerLists<LayerSpec> = {
  schema: z.lazy(() => z.array(layerSchema).min(1).readonly()),
  shape: (specs, input, outputs) => {
    let shape = input
    for (const [index, spec] of specs.entries()) {
      const next = kindOf(spec).shape(spec, shape, outputs)
      if (typeof next === 'string') return `layer ${nameOf(specs, index)} ${next}`
      shape = next
    }
    return shape
  },
  work: (specs, input, outputs) =>
    follow(specs, input, outputs).reduce(
      (sum, { spec, from, to }) => sum + (kindOf(spec).work?.(spec, from, to) ?? 0),
      0,
    ),
  widened: (specs, factor) => specs.map((spec) => kindOf(spec).widened?.(spec, factor) ?? spec),
  build: (specs, place) =>
    follow(specs, place.input, place.outputs).map(({ spec, from, to }, index): Layer => {
      const own = nameOf(specs, index)
      const name = place.name === '' ? own : `${place.name}/${own}`
      return kindOf(spec).build(spec, { ...place, name, input: from }, to)
    }),
}

/** Every kind of layer there is. */
export const LAYER_KINDS: Kinds = {
  convolution,
  dense,
  dropout,
  flatten,
  globalAverage,
  normalizeSwish,
  rectifier,
  residual: residualKind(layerLists),
}

/** A layer of a file. */
export const layerSchema: z.ZodType<LayerSpec> = z.lazy(() => {
  const kinds = Object.values(LAYER_KINDS) as readonly LayerKind<LayerSpec>[]
  // Each row's schema is an object with its kind, which its type here does not say.
  const schemas = kinds.map(({ schema }) => schema) as unknown as [z.core.$ZodTypeDiscriminable]
  return z.discriminatedUnion('kind', schemas) as unknown as z.ZodType<LayerSpec>
})

const kindOf = ({ kind }: LayerSpec): LayerKind<LayerSpec> =>
  LAYER_KINDS[kind] as LayerKind<LayerSpec>

/** What a layer of a list is called. */
function nameOf(specs: readonly (LayerSpec & NamedSpec)[], index: number): string {
  const { name, kind } = specs[index]!
  if (name !== undefined) return name
  const before = specs.slice(0, index).filter((spec) => spec.kind === kind)
  return `${kind}${before.length + 1}`
}

/** Each layer with the shapes before and behind it. Throws a RangeError where one does not take what comes to it. */
function follow(
  specs: readonly LayerSpec[],
  input: Shape,
  outputs: number,
): readonly { readonly spec: LayerSpec; readonly from: Shape; readonly to: Shape }[] {
  let from = input
  return specs.map((spec) => {
    const to = kindOf(spec).shape(spec, from, outputs)
    if (typeof to === 'string') throw new RangeError(`${spec.kind} ${to}`)
    const placed = { spec, from, to }
    from = to
    return placed
  })
}

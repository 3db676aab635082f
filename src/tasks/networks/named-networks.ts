import { z } from 'zod'
import { PADDINGS } from '../../runtime/convolution.ts'
import { count } from './layer-kind.ts'
import { layerLists, type LayerSpec } from './layers/table.ts'
import type { Network } from './network.ts'
import { efficientNetLite0, efficientNetV2S, type EfficientNetOptions } from './efficient-net.ts'
import { convolutionalNetwork, perceptron, searchNetwork } from './networks.ts'

/** A network that a file may name instead of its layers: what it says of it, and how that is built. */
interface NamedNetwork<Spec> {
  readonly summary: string
  readonly schema: z.ZodType<Spec>
  readonly build: (spec: Spec) => Network
}

interface PerceptronSpec {
  readonly network: 'perceptron'
  /** Units of the hidden layers. */
  readonly hidden: readonly number[]
}

interface ConvolutionalSpec {
  readonly network: 'convolutional'
  /** Channels of the three convolutions, or of as many as there are. */
  readonly widths: readonly number[]
  readonly dropout?: number
}

interface SearchSpec {
  readonly network: 'search'
  /** Channels of the first convolution. */
  readonly base: number
}

interface EfficientNetV2SSpec extends EfficientNetOptions {
  readonly network: 'efficientnet-v2-s'
  /** Height and width of the images. */
  readonly size: number
}

interface EfficientNetLite0Spec extends EfficientNetOptions {
  readonly network: 'efficientnet-lite0'
}

const efficientNetFields = {
  padding: z.enum(PADDINGS).exactOptional(),
  stochasticDepth: z.number().min(0).lt(1).exactOptional(),
  dropout: z.number().min(0).lt(1).exactOptional(),
}

export type NamedNetworkSpec =
  ConvolutionalSpec | EfficientNetLite0Spec | EfficientNetV2SSpec | PerceptronSpec | SearchSpec

/** Every network that has a name. */
export const NAMED_NETWORKS: {
  readonly [Name in NamedNetworkSpec['network']]: NamedNetwork<
    Extract<NamedNetworkSpec, { network: Name }>
  >
} = {
  convolutional: {
    summary:
      'normalised 3x3 convolutions with swish, all but the first with stride 2; the mean, dropout',
    schema: z.strictObject({
      network: z.literal('convolutional'),
      widths: z.array(count).min(1).readonly(),
      dropout: z.number().min(0).lt(1).exactOptional(),
    }),
    build: ({ widths, dropout = 0 }) => convolutionalNetwork(widths, dropout),
  },
  'efficientnet-lite0': {
    summary: 'EfficientNet-Lite0, to be fine-tuned',
    schema: z.strictObject({ network: z.literal('efficientnet-lite0'), ...efficientNetFields }),
    build: ({ network: _, ...options }) => efficientNetLite0(options),
  },
  'efficientnet-v2-s': {
    summary: 'EfficientNetV2-S (arXiv 2104.00298) for images of `size` x `size` pixels',
    schema: z.strictObject({
      network: z.literal('efficientnet-v2-s'),
      size: count,
      ...efficientNetFields,
    }),
    build: ({ network: _, ...options }) => efficientNetV2S(options),
  },
  perceptron: {
    summary: 'hidden layers of rectified linear units',
    schema: z.strictObject({
      network: z.literal('perceptron'),
      hidden: z.array(count).readonly(),
    }),
    build: ({ hidden }) => perceptron(hidden),
  },
  search: {
    summary: 'the convolutional network of the published search (arXiv 2404.06679)',
    schema: z.strictObject({ network: z.literal('search'), base: count }),
    build: ({ base }) => searchNetwork(base),
  },
}

/** A network as a file says it: a list of layers, or one that has a name. */
export type NetworkSpec = NamedNetworkSpec | readonly LayerSpec[]

const namedSchemas = Object.values(NAMED_NETWORKS).map(({ schema }) => schema)

export const networkSchema = z.union(
  [
    layerLists.schema,
    // Each row's schema is an object with its name, which its type here does not say.
    z.discriminatedUnion('network', namedSchemas as unknown as [z.core.$ZodTypeDiscriminable]),
  ],
  { error: 'expected a list of layers, or a network by its name: {"network": "perceptron", ...}' },
) as unknown as z.ZodType<NetworkSpec>

/** The network that a file says. */
export function networkOf(spec: NetworkSpec): Network {
  if (isLayers(spec)) return { layers: spec }
  return (NAMED_NETWORKS[spec.network] as NamedNetwork<NamedNetworkSpec>).build(spec)
}

const isLayers = (spec: NetworkSpec): spec is readonly LayerSpec[] => Array.isArray(spec)

import type { PADDINGS } from '../../runtime/convolution.ts'
import { EFFICIENT_NET_NAMINGS } from './efficient-net-namings.ts'
import type { LayerSpec } from './layers/table.ts'
import type { Network } from './network.ts'

/** Blocks of one width, the first of which may have a stride. */
interface Stage {
  /** `fused`: a convolution that widens, in place of a pointwise one and a depthwise one. */
  readonly block: 'fused' | 'inverted'
  readonly repeats: number
  /** Height and width of the filter that is no pointwise one. */
  readonly size: number
  readonly stride: number
  /** How many times as many channels as came in there are inside a block. */
  readonly expand: number
  readonly filters: number
  /** What squeeze and excitation squeeze to, as a share of the channels that come in; without them when absent. */
  readonly squeeze?: number
}

/** What all blocks share. */
interface Style {
  readonly padding: (typeof PADDINGS)[number]
  readonly activation: 'swish' | 'rectifier6'
}

/** What can be chosen of a network of this family. */
export interface EfficientNetOptions {
  /** Whose padding it has: `symmetric`, torchvision's, or `same`, Keras' and TensorFlow's, when absent. */
  readonly padding?: (typeof PADDINGS)[number]
  /** Probability of leaving out the last block, those before less in equal steps; 0.2 when absent. */
  readonly stochasticDepth?: number
  /** Of dropout before the classes; 0.2 when absent. */
  readonly dropout?: number
}

/** Stages of a network of this family and what stands before and behind them. */
export interface EfficientNetDesign extends EfficientNetOptions {
  /** Channels and stride of the first convolution. */
  readonly stem: number
  readonly stemStride: number
  readonly stages: readonly Stage[]
  readonly head: number
  readonly activation: Style['activation']
}

/** Images up to this size keep their pixels in the first convolution: the last stage then sees 2x2 of 32 pixels, not one. */
const SMALL_IMAGE = 64

const fused = { block: 'fused', size: 3 } as const
const squeezed = { block: 'inverted', size: 3, squeeze: 0.25 } as const

/** The published widths and depths (Tan and Le, arXiv 2104.00298, table 4). */
const V2S_STAGES: readonly Stage[] = [
  { ...fused, repeats: 2, stride: 1, expand: 1, filters: 24 },
  { ...fused, repeats: 4, stride: 2, expand: 4, filters: 48 },
  { ...fused, repeats: 4, stride: 2, expand: 4, filters: 64 },
  { ...squeezed, repeats: 6, stride: 2, expand: 4, filters: 128 },
  { ...squeezed, repeats: 9, stride: 1, expand: 6, filters: 160 },
  { ...squeezed, repeats: 15, stride: 2, expand: 6, filters: 256 },
]

/** EfficientNetV2-S for images of `size` x `size` pixels: up to 64 the first convolution has stride 1, and the published 2 beyond. */
export function efficientNetV2S({
  size,
  ...options
}: EfficientNetOptions & { readonly size: number }): Network {
  return efficientNet({
    ...{ stem: 24, stemStride: size <= SMALL_IMAGE ? 1 : 2 },
    ...{ stages: V2S_STAGES, head: 1280, activation: 'swish' },
    ...options,
  })
}

const plain = { block: 'inverted', expand: 6 } as const

/** EfficientNet-Lite0's: EfficientNet-B0 without squeeze and excitation, with units that stop at 6. */
const LITE0_STAGES: readonly Stage[] = [
  { ...plain, repeats: 1, size: 3, stride: 1, expand: 1, filters: 16 },
  { ...plain, repeats: 2, size: 3, stride: 2, filters: 24 },
  { ...plain, repeats: 2, size: 5, stride: 2, filters: 40 },
  { ...plain, repeats: 3, size: 3, stride: 2, filters: 80 },
  { ...plain, repeats: 3, size: 5, stride: 1, filters: 112 },
  { ...plain, repeats: 4, size: 5, stride: 2, filters: 192 },
  { ...plain, repeats: 1, size: 3, stride: 1, filters: 320 },
]

/** EfficientNet-Lite0, whose first convolution has stride 2 at every size: it is there to be fine-tuned, from weights that had it. */
export function efficientNetLite0(options: EfficientNetOptions = {}): Network {
  return efficientNet({
    ...{ stem: 32, stemStride: 2, stages: LITE0_STAGES, head: 1280, activation: 'rectifier6' },
    ...options,
  })
}

/** A network of this family. Layers are called `stem`, `stage1_block1`, ..., `head`, `classes`, each normalisation after what it follows. */
export function efficientNet(design: EfficientNetDesign): Network {
  const { stem, stemStride, stages, head, activation } = design
  const { padding = 'same', stochasticDepth = 0.2, dropout = 0.2 } = design
  const style: Style = { padding, activation }
  const total = stages.reduce((sum, { repeats }) => sum + repeats, 0)
  const blocks: LayerSpec[] = []
  let inputs = stem
  for (const [index, stage] of stages.entries())
    for (let block = 0; block < stage.repeats; block++) {
      const name = `stage${index + 1}_block${block + 1}`
      const stride = block === 0 ? stage.stride : 1
      const layers = blockLayers(stage, inputs, stride, style)
      const drop = (stochasticDepth * blocks.length) / total
      const isResidual = stride === 1 && inputs === stage.filters
      blocks.push(
        isResidual
          ? { kind: 'residual', name, layers, ...(drop > 0 && { drop }) }
          : { kind: 'sequence', name, layers },
      )
      inputs = stage.filters
    }
  return {
    base: stem,
    namings: EFFICIENT_NET_NAMINGS,
    layers: [
      ...convolved('stem', { filters: stem, size: 3, stride: stemStride }, style),
      ...blocks,
      ...convolved('head', { filters: head, size: 1 }, style),
      { kind: 'globalAverage', name: 'average' },
      ...(dropout > 0 ? [{ kind: 'dropout', name: 'dropout', rate: dropout } as const] : []),
      { kind: 'dense', name: 'classes', units: 'outputs' },
    ],
  }
}

/** What a block makes of an image with `inputs` channels. */
function blockLayers(stage: Stage, inputs: number, stride: number, style: Style): LayerSpec[] {
  const { block, size, expand, filters, squeeze } = stage
  const inside = inputs * expand
  const moving = { size, stride }
  if (block === 'fused')
    return expand === 1
      ? convolved('project', { filters, ...moving }, style)
      : [
          ...convolved('expand', { filters: inside, ...moving }, style),
          ...projected(filters, style),
        ]
  return [
    ...(expand === 1 ? [] : convolved('expand', { filters: inside, size: 1 }, style)),
    { kind: 'depthwiseConvolution', name: 'depthwise', ...moving, padding: style.padding },
    ...normalized('depthwise', style.activation),
    ...(squeeze === undefined ? [] : [squeezedTo(Math.max(1, Math.floor(inputs * squeeze)))]),
    ...projected(filters, style),
  ]
}

const squeezedTo = (units: number): LayerSpec => ({ kind: 'squeezeExcite', name: 'squeeze', units })

const projected = (filters: number, { padding }: Style): LayerSpec[] => [
  { kind: 'convolution', name: 'project', filters, size: 1, padding },
  ...normalized('project', 'identity'),
]

const convolved = (
  name: string,
  filter: { readonly filters: number; readonly size: number; readonly stride?: number },
  { padding, activation }: Style,
): LayerSpec[] => [
  { kind: 'convolution', name, ...filter, padding },
  ...normalized(name, activation),
]

/** Batch normalisation of what `name` gives, and the activation. */
function normalized(name: string, activation: Style['activation'] | 'identity'): LayerSpec[] {
  const kind = 'batchNormalization'
  const normalization = `${name}_normalization`
  return activation === 'rectifier6'
    ? [
        { kind, name: normalization },
        { kind: 'rectifier', name: `${name}_rectifier`, limit: 6 },
      ]
    : [{ kind, name: normalization, activation }]
}

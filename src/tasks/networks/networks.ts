import { scaled } from './layer-kind.ts'
import { layerLists, type LayerSpec } from './layers/table.ts'
import type { NetworkWidth } from '../protocol.ts'
import type { Network, NetworkEnds } from './network.ts'

/** Hidden layers of those widths with rectified linear units, for examples of any shape. */
export function perceptron(hidden: readonly number[]): Network {
  return {
    layers: [
      { kind: 'flatten', name: 'flatten' },
      ...hidden.flatMap((units, index): LayerSpec[] => [
        { kind: 'dense', name: `dense${index + 1}`, units },
        { kind: 'rectifier', name: `rectifier${index + 1}` },
      ]),
      { kind: 'dense', name: 'classes', units: 'outputs' },
    ],
  }
}

/**
 * Three 3x3 convolutions with those channels, the second and third with stride 2, each normalised and with swish; the mean over the
 * image, dropout with that rate.
 */
export function convolutionalNetwork(widths: readonly number[], dropout: number): Network {
  return {
    layers: [
      ...widths.flatMap((filters, index): LayerSpec[] => [
        {
          ...{ kind: 'convolution', name: `convolution${index + 1}`, filters },
          ...(index > 0 && { stride: 2 }),
        },
        { kind: 'normalizeSwish', name: `normalization${index + 1}` },
      ]),
      { kind: 'globalAverage', name: 'average' },
      { kind: 'dropout', name: 'dropout', rate: dropout },
      { kind: 'dense', name: 'classes', units: 'outputs' },
    ],
  }
}

/** The convolutional network of the published search with `base` channels (arXiv 2404.06679). */
export function searchNetwork(base: number): Network {
  return { ...convolutionalNetwork([base, 2 * base, 4 * base], 0.2), base }
}

/** Channels of the published search's first stage, which widths by base are relative to where there are no channels. */
const FIRST_BASE = 32

/** The factor that `width` stands for where a model has `base` channels, or none to count. */
export function widthFactor(width: NetworkWidth, base = FIRST_BASE): number {
  return 'times' in width ? width.times : width.base / base
}

/** `network` as wide as asked, never narrower than 1. */
export function widened(network: Network, width: NetworkWidth): Network {
  const factor = widthFactor(width, network.base)
  return {
    layers: layerLists.widened(network.layers, factor),
    ...(network.base !== undefined && { base: scaled(network.base, factor) }),
  }
}

/** Multiplications that `network` takes to score one example: of products and convolutions alone. */
export function networkWork({ layers }: Network, { input, outputs }: NetworkEnds): number {
  return layerLists.work(layers, input, outputs)
}

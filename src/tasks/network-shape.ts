import type { NetworkWidth } from './protocol.ts'

/** The layers of a network for images, as numbers only. */
export type Network =
  | {
      readonly kind: 'mlp'
      /** Width of each hidden layer; rectified linear units. */
      readonly hidden: readonly number[]
    }
  | {
      readonly kind: 'cnn'
      /** Output channels of the three 3x3 convolutions, the second and third with stride 2. */
      readonly widths: readonly [number, number, number]
      /** Rate of the dropout before the last layer. */
      readonly dropout: number
    }

/** The convolutional network of the published search with `base` channels (arXiv 2404.06679). */
export function searchNetwork(base: number): Network {
  return { kind: 'cnn', widths: [base, 2 * base, 4 * base], dropout: 0.2 }
}

/** Channels of the published search's first stage, which widths by base are relative to where there are no channels. */
const FIRST_BASE = 32

/** The factor that `width` stands for where there are no channels to count. */
export function widthFactor(width: NetworkWidth): number {
  return 'times' in width ? width.times : width.base / FIRST_BASE
}

/** `network` as wide as asked, never narrower than 1. */
export function widened(network: Network, width: NetworkWidth): Network {
  if (network.kind === 'mlp') {
    const factor = widthFactor(width)
    return { ...network, hidden: network.hidden.map((units) => scaled(units, factor)) }
  }
  if ('base' in width) return searchNetwork(width.base)
  const [first, second, third] = network.widths
  return {
    ...network,
    widths: [scaled(first, width.times), scaled(second, width.times), scaled(third, width.times)],
  }
}

const scaled = (count: number, factor: number): number => Math.max(1, Math.round(count * factor))

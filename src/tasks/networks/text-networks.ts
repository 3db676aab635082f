import type { LayerSpec } from './layers/table.ts'
import type { Network } from './network.ts'

/** What a recurrent network for text is made of. */
export interface RecurrentSize {
  readonly units: number
  /** LSTMs one after the other. */
  readonly depth: number
  /** Of what comes into each LSTM and leaves the last; none when absent (Zaremba, Sutskever and Vinyals, arXiv 1409.2329). */
  readonly dropout?: number
}

/** Scores of the next number at each position of a text: LSTMs between a tied embedding. */
export function recurrentTextNetwork({ units, depth, dropout = 0 }: RecurrentSize): Network {
  const dropped = (index: number): LayerSpec[] =>
    dropout > 0 ? [{ kind: 'dropout', name: `dropout${index}`, rate: dropout }] : []
  const layers = Array.from({ length: depth }, (_, index): LayerSpec[] => [
    ...dropped(index + 1),
    { kind: 'lstm', name: `lstm${index + 1}`, units },
  ])
  return {
    layers: [
      {
        kind: 'tiedEmbedding',
        name: 'text',
        units,
        bias: true,
        layers: [...layers.flat(), ...dropped(depth + 1)],
      },
    ],
  }
}

/** What a decoder-only transformer is made of. */
export interface TransformerSize {
  /** A multiple of twice the heads. */
  readonly units: number
  readonly heads: number
  readonly blocks: number
}

/**
 * Scores of the next number at each position of a text: blocks of causal attention and of a layer four times as wide, each behind an
 * RMS norm and beside a shortcut, between a tied embedding.
 */
export function transformer({ units, heads, blocks }: TransformerSize): Network {
  const block = (number: number): LayerSpec[] => [
    {
      kind: 'residual',
      name: `attention${number}`,
      layers: [
        { kind: 'rmsNorm', name: 'norm' },
        { kind: 'attention', name: 'attention', heads, headSize: units / heads },
      ],
    },
    {
      kind: 'residual',
      name: `wide${number}`,
      layers: [
        { kind: 'rmsNorm', name: 'norm' },
        { kind: 'dense', name: 'in', units: 4 * units },
        { kind: 'gelu', name: 'gelu' },
        { kind: 'dense', name: 'out', units },
      ],
    },
  ]
  const numbers = Array.from({ length: blocks }, (_, index) => index + 1)
  return {
    layers: [
      {
        kind: 'tiedEmbedding',
        name: 'text',
        units,
        layers: [...numbers.flatMap(block), { kind: 'rmsNorm', name: 'norm' }],
      },
    ],
  }
}

/** Classes of images by an LSTM that reads them row after row. */
export function rowReader(units: number): Network {
  return {
    layers: [
      { kind: 'rows', name: 'rows' },
      { kind: 'lstm', name: 'lstm', units, gives: 'last' },
      { kind: 'dense', name: 'classes', units: 'outputs' },
    ],
  }
}

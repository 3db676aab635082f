import { z } from 'zod'
import { gelu as bend, geluGradient } from '../../../runtime/gelu.ts'
import { plainLayer } from '../layer.ts'
import { layerName, type LayerKind, type NamedSpec } from '../layer-kind.ts'

export interface GeluSpec extends NamedSpec {
  readonly kind: 'gelu'
}

export const gelu: LayerKind<GeluSpec> = {
  summary:
    'x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), near x times the normal distribution of x (arXiv 1606.08415)',
  schema: z.strictObject({ kind: z.literal('gelu'), name: layerName }),
  shape: (_, input) => input,
  build: (_, { name }) =>
    plainLayer(name, {
      infer: bend,
      train: (x) => ({
        output: bend(x),
        backward: (dy) => ({ input: geluGradient(dy, x), parameters: [] }),
      }),
    }),
}

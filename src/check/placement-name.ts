import type { Placement } from '../operators/type.ts'

/** What a value is called in messages, by where it is known and what there is one for. */
export function placementName({ known, extent }: Placement): string {
  if (extent === 'run') {
    if (known === 'constant') return 'a constant'
    if (known === 'build') return 'known when the optimizer is built'
    return known === 'step'
      ? 'one number per step'
      : 'one number for all parameters, known with the gradients'
  }
  if (extent === 'parameter')
    return known === 'build' ? 'a fact about the shape' : 'one number per parameter'
  if (extent === 'element') return 'one number per element'
  return extent.startsWith('per') ? `one number ${extent}` : `a ${extent}`
}

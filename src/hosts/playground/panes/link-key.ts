import { kebabCase } from '../../../emit/names.ts'

/**
 * What a name is in every language: `weight_decay`, `weightDecay` and `WeightDecay` have one key. Programs and what they are
 * compiled to have no map of places; names are how one finds its way from one to the other.
 */
export function linkKey(name: string): string {
  return kebabCase(name)
}

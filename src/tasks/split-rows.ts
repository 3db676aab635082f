import { childKey, createRandom, rootKey } from '../operators/random.ts'
import type { Part } from './image-files/image-listing.ts'

/** Shares of the examples, from 0 to 1 and below 1 together; the rest trains. */
export interface Shares {
  readonly validation: number
  readonly test: number
}

/**
 * Numbers from 0 to `count` - 1 for each part, rising: drawn from `seed`, as many as the shares ask for, rounded. Where `classes`
 * are given, one an example, each class has its share, as far as whole examples can.
 */
export function splitRows(
  count: number,
  { validation, test }: Shares,
  seed: number,
  classes?: ArrayLike<number>,
): Readonly<Record<Part, readonly number[]>> {
  const all = Array.from({ length: count }, (_, index) => index)
  const order = [...createRandom(childKey(rootKey(seed), 'split')).shuffle(all)]
  if (classes !== undefined) order.sort((a, b) => classes[a]! - classes[b]!)
  const parts: Record<Part, number[]> = { train: [], validation: [], test: [] }
  // Along the order each part gets an example whenever one is due to it, so that neighbours of a class are shared out.
  const due = { validation: 0.5, test: 0.5 }
  for (const index of order) {
    due.validation += validation
    due.test += test
    const part: Part = due.test >= 1 ? 'test' : due.validation >= 1 ? 'validation' : 'train'
    if (part !== 'train') due[part] -= 1
    parts[part].push(index)
  }
  for (const rows of Object.values(parts)) rows.sort((a, b) => a - b)
  return parts
}

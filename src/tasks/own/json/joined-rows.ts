import { PARTS, type Part } from '../../image-files/image-listing.ts'
import { splitRows } from '../../split-rows.ts'
import type { DataPlace } from './data-kind.ts'

/**
 * The rows of each part where those of the given parts follow each other: their own, or drawn from the training part. `counts`: how many
 * rows each given part has; `classes`: one for each row of the training part. A part without rows is refused.
 */
export function joinedRows(
  counts: ReadonlyMap<Part, number>,
  { shares, seed, refuse }: DataPlace,
  classes?: ArrayLike<number>,
): Readonly<Record<Part, readonly number[]>> {
  const given = [...counts.keys()]
  const drawn = splitRows(counts.get('train') ?? 0, shares(given), seed, classes)
  const rows: Record<Part, readonly number[]> = { ...drawn }
  let before = 0
  for (const [part, count] of counts) {
    const first = before
    if (part !== 'train') rows[part] = Array.from({ length: count }, (_, row) => first + row)
    before += count
  }
  const empty = PARTS.find((part) => rows[part].length === 0)
  if (empty === 'train') refuse(['split'], 'it leaves no example to train on')
  if (empty !== undefined)
    refuse(['split'], `of ${counts.get('train')} examples none is in the ${empty} part`)
  return rows
}

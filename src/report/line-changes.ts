import { lineScript } from '../language/line-script.ts'
import { stretchesOf, type Stretch } from './highlight.ts'

/** A line that one of two texts has and the other has not; what differs from its counterpart is marked. */
export interface ChangedLine {
  readonly kind: 'removed' | 'added'
  readonly stretches: readonly (Stretch & { readonly marked: boolean })[]
}

/** The lines that differ between two texts, in order (a longest common subsequence stays). */
export function lineChanges(before: readonly string[], after: readonly string[]): ChangedLine[] {
  const result: ChangedLine[] = []
  let removed: string[] = []
  let added: string[] = []
  const flush = (): void => {
    const left = removed.map(stretchesOf)
    const right = added.map(stretchesOf)
    result.push(
      ...left.map((line, index) => marked('removed', line, right[index])),
      ...right.map((line, index) => marked('added', line, left[index])),
    )
    removed = []
    added = []
  }
  for (const { kind, text } of lineScript(before, after)) {
    if (kind === 'same') flush()
    else if (kind === 'removed') removed.push(text)
    else added.push(text)
  }
  flush()
  return result
}

/** A line with everything between what it begins and ends with like its counterpart marked. */
function marked(
  kind: ChangedLine['kind'],
  line: readonly Stretch[],
  other: readonly Stretch[] | undefined,
): ChangedLine {
  let start = 0
  let end = line.length
  if (other !== undefined) {
    while (start < end && line[start]!.text === other[start]?.text) start += 1
    let rest = other.length
    while (end > start && rest > start && line[end - 1]!.text === other[rest - 1]!.text) {
      end -= 1
      rest -= 1
    }
  }
  return {
    kind,
    stretches: line.map((stretch, index) => ({
      ...stretch,
      marked: other !== undefined && index >= start && index < end && stretch.text.trim() !== '',
    })),
  }
}

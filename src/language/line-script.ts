/** A line of two texts, or of one of them. */
export interface ScriptLine {
  readonly kind: 'same' | 'removed' | 'added'
  readonly text: string
}

/** How the lines of one text become those of another; a longest common subsequence stays. */
export function lineScript(
  before: readonly string[],
  after: readonly string[],
): readonly ScriptLine[] {
  // Length of the longest common subsequence of what follows each pair of places.
  const common = Array.from({ length: before.length + 1 }, () =>
    Array.from({ length: after.length + 1 }, () => 0),
  )
  for (let row = before.length - 1; row >= 0; row--)
    for (let column = after.length - 1; column >= 0; column--)
      common[row]![column] =
        before[row] === after[column]
          ? common[row + 1]![column + 1]! + 1
          : Math.max(common[row + 1]![column]!, common[row]![column + 1]!)
  const steps: ScriptLine[] = []
  let [row, column] = [0, 0]
  while (row < before.length || column < after.length) {
    if (row < before.length && column < after.length && before[row] === after[column]) {
      steps.push({ kind: 'same', text: before[row]! })
      row += 1
      column += 1
    } else if (
      column >= after.length ||
      (row < before.length && common[row + 1]![column]! >= common[row]![column + 1]!)
    ) {
      steps.push({ kind: 'removed', text: before[row]! })
      row += 1
    } else {
      steps.push({ kind: 'added', text: after[column]! })
      column += 1
    }
  }
  return steps
}

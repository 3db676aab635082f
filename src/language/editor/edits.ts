import type { TextEdit } from '../../diagnostics/diagnostic.ts'

/** The text with edits made that do not overlap, in whatever order they are given; insertions at one place in theirs. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = ''
  let from = 0
  for (const { span, text: inserted } of inOrder(edits)) {
    result += text.slice(from, span.start) + inserted
    from = span.end
  }
  return result + text.slice(from)
}

/** Where what stands at the offset, outside of what is replaced, stands after the edits. */
export function moved(edits: readonly TextEdit[], offset: number): number {
  let by = 0
  for (const { span, text } of edits)
    if (span.end <= offset && span.start < offset) by += text.length - (span.end - span.start)
  return offset + by
}

/** Whether no two of the edits touch the same characters. */
export function areApart(edits: readonly TextEdit[]): boolean {
  const sorted = inOrder(edits)
  return sorted.every((edit, index) => {
    const next = sorted[index + 1]
    return next === undefined || edit.span.end <= next.span.start
  })
}

/** One edit that turns `before` into `after`, as short as it can be; undefined where they are equal. */
export function editBetween(before: string, after: string): TextEdit | undefined {
  if (before === after) return undefined
  let start = 0
  const shorter = Math.min(before.length, after.length)
  while (start < shorter && before[start] === after[start]) start++
  // No place between the two characters of a line end can be named.
  if (before[start - 1] === '\r') start--
  let end = 0
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++
  if (before[before.length - end] === '\n' && end > 0) end--
  return {
    span: { start, end: before.length - end },
    text: after.slice(start, after.length - end),
  }
}

function inOrder(edits: readonly TextEdit[]): readonly TextEdit[] {
  return edits.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
}

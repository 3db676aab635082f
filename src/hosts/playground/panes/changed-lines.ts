import { lineScript } from '../../../language/line-script.ts'

/** Two texts that differ in more lines than this are told to differ everywhere between their first and last difference. */
const MOST_LINES = 1500

/** The numbers of the lines of `after`, counted from 1, that `before` has not in their place; those beside what was removed too. */
export function changedLines(before: string, after: string): readonly number[] {
  const [old, now] = [before.split('\n'), after.split('\n')]
  let start = 0
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1
  let [oldEnd, nowEnd] = [old.length, now.length]
  while (oldEnd > start && nowEnd > start && old[oldEnd - 1] === now[nowEnd - 1]) {
    oldEnd -= 1
    nowEnd -= 1
  }
  const [left, right] = [old.slice(start, oldEnd), now.slice(start, nowEnd)]
  if (left.length > MOST_LINES || right.length > MOST_LINES)
    return right.map((_, index) => start + index + 1)
  const changed: number[] = []
  let line = start
  let removed = 0
  for (const { kind } of lineScript(left, right)) {
    if (kind === 'removed') removed += 1
    else {
      line += 1
      // What was only taken away shows in the line that has come up to its place.
      if (kind === 'added' || removed > 0) changed.push(line)
      removed = 0
    }
  }
  if (removed > 0) changed.push(Math.min(line + 1, now.length))
  return [...new Set(changed)]
}

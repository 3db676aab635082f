import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changedLines } from '../../src/hosts/playground/panes/changed-lines.ts'

const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })

describe('the lines that an edit changed', () => {
  test.each([
    ['nothing', 'a\nb\nc', 'a\nb\nc', []],
    ['a line', 'a\nb\nc', 'a\nx\nc', [2]],
    ['a line more', 'a\nc', 'a\nb\nc', [2]],
    ['a line less: what has come up to its place', 'a\nb\nc', 'a\nc', [2]],
    ['the last line less', 'a\nb', 'a', [1]],
    ['two places', 'a\nb\nc\nd\ne', 'x\nb\nc\nd\ny', [1, 5]],
  ])('%s', (_, before, after, lines) => {
    expect(changedLines(before, after)).toEqual(lines)
  })

  test('are lines of the text, rise, and leave the old text where they are taken away', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = changedLines(before.join('\n'), after.join('\n'))
        const count = after.join('\n').split('\n').length
        expect(lines.every((line) => line >= 1 && line <= count)).toBe(true)
        expect([...lines].sort((a, b) => a - b)).toEqual(lines)
        expect(lines.length === 0).toBe(before.join('\n') === after.join('\n'))
        const left = after
          .join('\n')
          .split('\n')
          .filter((_, at) => !lines.includes(at + 1))
        expect(isPartOf(left, before.join('\n').split('\n'))).toBe(true)
      }),
    )
  })

  test('are all between the first and the last difference of texts that are long', () => {
    const lines = Array.from({ length: 4000 }, (_, index) => `line ${index}`)
    const other = lines.map((line, at) => (at === 10 || at === 3900 ? 'x' : line))
    const found = changedLines(lines.join('\n'), other.join('\n'))
    expect([found[0], found.at(-1), found.length]).toEqual([11, 3901, 3891])
  })
})

/** Whether a list is another one with some left out. */
function isPartOf(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0
  for (const each of whole) if (each === part[at]) at += 1
  return at === part.length
}

import { expect, test } from 'vitest'
import { lineChanges, type ChangedLine } from '../../src/report/line-changes.ts'
import { randomOf } from '../mutate/published.ts'

const textOf = ({ stretches }: ChangedLine): string => stretches.map(({ text }) => text).join('')

test('what differs inside a line is marked', () => {
  const changes = lineChanges(
    ['let u = max(a, h1)', 'update = u'],
    ['let u = min(a, h1)', 'update = u'],
  )
  expect(changes.map(({ kind }) => kind)).toEqual(['removed', 'added'])
  expect(changes.map(textOf)).toEqual(['let u = max(a, h1)', 'let u = min(a, h1)'])
  expect(
    changes.map(({ stretches }) =>
      stretches.filter(({ marked }) => marked).map(({ text }) => text),
    ),
  ).toEqual([['max'], ['min']])
})

test('equal texts have no changes', () => {
  expect(lineChanges(['a', 'b'], ['a', 'b'])).toEqual([])
})

test('taking away the removed lines and putting in the added ones gives the other text', () => {
  const random = randomOf('lines')
  for (let round = 0; round < 200; round++) {
    const draw = (): string[] =>
      Array.from({ length: random.integer(7) }, () => `x = ${random.pick(['a', 'b', 'c'])}`)
    const [before, after] = [draw(), draw()]
    const changes = lineChanges(before, after)
    const count = (kind: ChangedLine['kind']): Map<string, number> => {
      const counts = new Map<string, number>()
      for (const change of changes)
        if (change.kind === kind) counts.set(textOf(change), (counts.get(textOf(change)) ?? 0) + 1)
      return counts
    }
    const rest = (lines: readonly string[], gone: Map<string, number>): string[] => {
      const left = [...lines]
      for (const [line, number] of gone)
        for (let index = 0; index < number; index++) left.splice(left.indexOf(line), 1)
      return left.sort()
    }
    const [removed, added] = [count('removed'), count('added')]
    expect(rest(before, removed)).toEqual(rest(after, added))
    // As few as a longest common subsequence leaves.
    expect(changes.length).toBe(before.length + after.length - 2 * longest(before, after))
  }
})

function longest(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return 0
  const [restA, restB] = [a.slice(1), b.slice(1)]
  return a[0] === b[0] ? 1 + longest(restA, restB) : Math.max(longest(restA, b), longest(a, restB))
}

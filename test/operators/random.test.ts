import { expect, test } from 'vitest'
import { childKey, createRandom, drawKey, rootKey, threefry } from '../../src/operators/random.ts'

// Known answers of Random123's threefry2x32x20.
test.each([
  [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
  [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
  [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
])('threefry(%i, %i; %i, %i)', (high, low, first, second, a, b) => {
  expect(threefry({ high, low }, first, second)).toEqual([a, b])
})

test('paths lead to different keys', () => {
  const root = rootKey(2 ** 40 + 7)
  const keys = [[0], [1], [0, 0], ['0'], ['a'], ['b'], ['a', 'b'], ['b', 'a']].map((path) =>
    childKey(root, ...path),
  )
  expect(new Set(keys.map((key) => `${key.high} ${key.low}`)).size).toBe(keys.length)
  expect(rootKey(1)).not.toEqual(rootKey(2 ** 32 + 1))
})

test('draws have the moments they should have', () => {
  const random = createRandom(rootKey(3))
  const count = 20_000
  const normal = Array.from({ length: count }, () => random.normal())
  const mean = normal.reduce((sum, x) => sum + x, 0) / count
  const variance = normal.reduce((sum, x) => sum + (x - mean) ** 2, 0) / count
  expect(Math.abs(mean)).toBeLessThan(0.03)
  expect(Math.abs(variance - 1)).toBeLessThan(0.05)
  const counts = [0, 0, 0, 0, 0]
  for (let index = 0; index < count; index++) counts[random.integer(5)]!++
  for (const found of counts) expect(Math.abs(found - count / 5)).toBeLessThan(0.1 * (count / 5))
})

test('a shuffle keeps every item and repeats', () => {
  const items = Array.from({ length: 50 }, (_, index) => index)
  const shuffled = createRandom(rootKey(4)).shuffle(items)
  expect(shuffled).not.toEqual(items)
  expect([...shuffled].sort((a, b) => a - b)).toEqual(items)
  expect(createRandom(rootKey(4)).shuffle(items)).toEqual(shuffled)
})

test('draws differ by operator, site, parameter, step and element', () => {
  const draws = [
    threefry(drawKey(1, 'normal', 1, 0), 0, 0),
    threefry(drawKey(1, 'dropout', 1, 0), 0, 0),
    threefry(drawKey(1, 'dropout', 2, 0), 0, 0),
    threefry(drawKey(1, 'dropout', 1, 1), 0, 0),
    threefry(drawKey(1, 'dropout', 1, 0), 1, 0),
    threefry(drawKey(1, 'dropout', 1, 0), 0, 1),
    threefry(drawKey(2, 'dropout', 1, 0), 0, 0),
  ]
  expect(new Set(draws.map(([word]) => word)).size).toBe(draws.length)
})

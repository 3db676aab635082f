import { expect, test } from 'vitest'
import { tryRefactorings } from './random.ts'

test('refactorings of the library change no step', () => {
  const { sound, all, apart } = tryRefactorings(1200)
  expect(apart).toEqual([])
  expect(sound).toBeGreaterThan(0.8 * all)
})

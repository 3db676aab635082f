import { expect, test } from 'vitest'
import { countRenames } from './rename.ts'

test('renaming leaves what the programs of the library compute', () => {
  const { same, refused, different } = countRenames(1500)
  expect(different).toEqual([])
  expect(same).toBeGreaterThan(300)
  expect(refused).toBeGreaterThan(300)
})

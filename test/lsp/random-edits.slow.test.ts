import { expect, test } from 'vitest'
import { faultsOfEdits } from './random-edits.ts'

test.each([2, 3])('the language server lives through 2,500 random edits, seed %i', async (seed) => {
  expect(await faultsOfEdits(2500, seed)).toEqual([])
})

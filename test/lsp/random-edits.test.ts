import { expect, test } from 'vitest'
import { faultsOfEdits } from './random-edits.ts'

test('the language server lives through random edits and answers after each', async () => {
  expect(await faultsOfEdits(150, 1)).toEqual([])
})

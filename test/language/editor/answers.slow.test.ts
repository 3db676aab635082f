import { expect, test } from 'vitest'
import { faultsOfAnswers } from './answers.ts'

test('every question has an answer on any text, at any place', () => {
  expect(faultsOfAnswers(300)).toEqual([])
})

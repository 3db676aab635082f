import { expect, test } from 'vitest'
import { preludeNames, preludeTexts } from '../../src/emit/ts-prelude-text.ts'

test('a function brings the functions it calls', () => {
  expect(preludeTexts(new Set(['tensorErf'])).join('\n')).toContain('function polynomial(')
  expect(preludeTexts(new Set(['tensorErf']))).toHaveLength(3)
  expect(preludeNames).toContain('dropout')
})

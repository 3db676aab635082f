import { expect, test } from 'vitest'
import { preludeSources } from '../../src/emit/ts/prelude-sources.ts'
import { preludeFunctions, preludeNames } from '../../src/emit/ts/prelude-text.ts'

test('a function brings the functions it calls', () => {
  const functions = preludeFunctions(new Set(['tensorErf']))
  expect([...functions.keys()]).toEqual(['tensorErf', 'polynomial', 'tensorErfc'])
  expect(functions.get('polynomial')!.text).toContain('\nfunction polynomial(')
  expect(preludeNames).toContain('dropout')
})

test('only functions of tensors need tfjs', () => {
  expect(preludeSources.dropout.usesTensors).toBe(true)
  expect(preludeSources.threefry.usesTensors).toBe(false)
  expect(preludeSources.erfc).toMatchObject({ calls: ['erf'], usesTensors: false })
})

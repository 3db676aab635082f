import { expect, test } from 'vitest'
import { preludeSources } from '../../src/emit/ts/prelude-sources.ts'
import { preludePieces, preludeNames } from '../../src/emit/ts/prelude-text.ts'

test('a piece brings the pieces it uses', () => {
  const functions = preludePieces(new Set(['tensorErf']))
  expect([...functions.keys()]).toEqual(['tensorErf', 'tensorPolynomial', 'tensorErfc'])
  expect(functions.get('tensorPolynomial')!.text).toContain('\nfunction tensorPolynomial(')
  expect(preludeNames).toContain('dropout')
  expect([...preludePieces(new Set(['saveRun'])).keys()]).toEqual([
    'saveRun',
    'NamedTensor',
    'SavedRun',
    'isGone',
  ])
})

test('only functions of tensors need tfjs', () => {
  expect(preludeSources.dropout.usesTensors).toBe(true)
  expect(preludeSources.threefry.usesTensors).toBe(false)
  expect(preludeSources.erfc).toMatchObject({ uses: ['erf', 'polynomial'], usesTensors: false })
})

import { expect, test } from 'vitest'
import { featureNames, unsupportedBy, type FeatureName } from '../../src/emit/features.ts'
import { targets } from '../../src/emit/targets.ts'
import { library, optimizerNames } from '../stdlib/library.ts'
import { compileText } from './compile-program.ts'

const target = (...supports: FeatureName[]) => ({ name: 'plain', supports })

const refused = (name: string, ...supports: FeatureName[]): readonly string[] =>
  unsupportedBy(target(...supports), library(name).programs)

test('a program that needs nothing is printed by every target', () => {
  expect(refused('adam')).toEqual([])
})

test.each([
  [
    'adafactor',
    'Adafactor needs reductions along one axis, which the target plain does not support',
  ],
  [
    'muon',
    'Muon needs matrices, facts of parameters beside their shapes, which the target plain does not support',
  ],
  ['sgld', 'SGLD needs random numbers, which the target plain does not support'],
  [
    'prodigy',
    'Prodigy needs numbers over all parameters, states that are one number for the run, which the target plain does not support',
  ],
])('a target that lacks it says what %s needs', (name, sentence) => {
  expect(refused(name)).toEqual([sentence])
  expect(refused(name, ...featureNames)).toEqual([])
})

test('what is evaluated with is a feature, and a number of the host that is kept is one', () => {
  const text =
    'optimizer a(lr = 1) { state k = 1 k = 0.5 * k update = lr * k * g evaluate = 0.5 * w }'.replace(
      / (k =|update|evaluate)/g,
      '\n$1',
    )
  const { programs } = compileText('a.opt', text)
  expect(unsupportedBy(target('runStates'), programs)[0]).toContain('weights to evaluate with')
  expect(unsupportedBy(target('evaluation'), programs)[0]).toContain('one number for the run')
})

test('the classes of tfjs support all that the library needs', () => {
  for (const name of optimizerNames)
    expect(unsupportedBy(targets.ts, library(name).programs), name).toEqual([])
})

import { describe, expect, test } from 'vitest'
import { checkIntegrity } from '../../src/evolve/integrity.ts'
import { drawSomeRule, programOf, randomOf } from '../mutate/published.ts'
import { optimizer, optimizerNames } from '../stdlib/library.ts'
import { referenceIntegrity } from './reference-integrity.ts'

describe('the check gives what the reference gives, to the bit', () => {
  test.each(optimizerNames)('std/%s', (name) => {
    expect(checkIntegrity(optimizer(name))).toEqual(referenceIntegrity(optimizer(name)))
  })

  test('on drawn rules', () => {
    for (let number = 0; number < 120; number++) {
      const program = programOf(drawSomeRule(randomOf('integrity', number)))
      expect(checkIntegrity(program), `rule ${number}`).toEqual(referenceIntegrity(program))
    }
  })
})

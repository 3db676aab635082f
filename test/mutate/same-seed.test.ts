import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { mutate } from '../../src/mutate/mutate.ts'
import { print } from '../../src/syntax/print.ts'
import { randomOf } from './published.ts'
import { drawSome, spaceOf } from './space.ts'

/**
 * A run is resumed by replaying it, and its seed is what it is known by: what is drawn in these spaces stays what it was when
 * there were no others. A new mutation, or another entry of spaces, must leave these texts alone.
 */
test.each([
  ['published', '5e6fbcd213451312'],
  ['joint', 'e718ed6a76e74977'],
])('a seed gives the rules and mutants of the space %s that it always gave', (name, expected) => {
  const searched = spaceOf(name)
  const hash = createHash('sha256')
  for (let number = 0; number < 60; number++) {
    const random = randomOf('the same', number)
    let rule = drawSome(searched, random)
    hash.update(print(rule))
    for (let child = 0; child < 6; child++) {
      const mutant = mutate(searched.space, rule, random, searched.tests)
      hash.update('module' in mutant ? print(mutant.module) : mutant.failure)
      if ('module' in mutant) rule = mutant.module
    }
  }
  expect(hash.digest('hex').slice(0, 16)).toBe(expected)
})

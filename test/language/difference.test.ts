import { expect, test } from 'vitest'
import { compile } from '../../src/compile.ts'
import type { Program } from '../../src/ir/graph.ts'
import { explainDifference } from '../../src/language/difference.ts'
import { libraryLoader, librarySource } from '../../src/library/sources.ts'

const programOf = (name: string): Program =>
  compile(librarySource(name)!, libraryLoader).value!.programs[0]!

test('Lion and Adam, in equations and numbers', async () => {
  const text = explainDifference(programOf('std/lion'), programOf('std/adam'))
  await expect(text).toMatchFileSnapshot('golden/lion-and-adam.md')
})

test.each(['sgd', 'adam', 'adamw', 'muon', 'prodigy', 'schedule_free_adamw', 'opt6'])(
  'of %s there is something to say',
  (name) => {
    const text = explainDifference(programOf(`std/${name}`), programOf('std/adam'))
    expect(text).toContain('## Hyperparameters')
    expect(text).not.toContain('undefined')
    expect(text.includes('take the same step')).toBe(name === 'adam')
  },
)

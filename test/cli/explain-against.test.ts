import { describe, expect, it } from 'vitest'
import { compareSteps } from '../../src/hosts/cli/comparing/against-framework.ts'
import { frameworkNames, saidOfFramework } from '../../src/hosts/cli/comparing/said-of-framework.ts'
import { library, optimizerNames } from '../stdlib/library.ts'

const programOf = (name: string) => library(name).programs[0]!
const said = (name: string, framework: (typeof frameworkNames)[number]) =>
  saidOfFramework(programOf(name).documentation, framework)

describe('what the library says of frameworks', () => {
  it('is told of each by itself', () => {
    expect(said('adamw', 'keras')).toEqual({
      text: 'Keras `AdamW`: weight decay 0.004; epsilon 1e-7, added to the root of the uncorrected $v$.',
      optimizer: { name: 'AdamW', flags: [] },
    })
    expect(said('lion', 'keras')?.text).toBe('Keras `Lion`: lr 0.001.')
    expect(said('lion', 'optax')?.text).toBe('Optax `lion`: weight decay 1e-3.')
    expect(said('lion', 'pytorch')).toEqual({ text: 'PyTorch has none.' })
    expect(said('nesterov', 'pytorch')?.optimizer).toEqual({ name: 'SGD', flags: ['nesterov'] })
    expect(said('muon', 'optax')?.optimizer).toEqual({ name: 'contrib.muon', flags: [] })
    expect(said('soap', 'keras')?.text).toMatch(/Keras.* none\.$/)
  })

  it('leaves out what the published rules, which no framework has, do not say', () => {
    expect(said('opt1', 'pytorch')).toBeUndefined()
  })

  it.each(frameworkNames)('names optimizers of %s that look like its own', (framework) => {
    const names = optimizerNames.flatMap((name) => said(name, framework)?.optimizer?.name ?? [])
    expect(names.length).toBeGreaterThan(9)
    for (const name of names)
      expect(name).toMatch(framework === 'optax' ? /^(contrib\.)?[a-z_\d]+$/ : /^[A-Z]\w+$/)
  })
})

it('says why there are no numbers', () => {
  const { optimizer } = said('adam', 'pytorch')!
  expect(compareSteps(programOf('adam'), 'pytorch', optimizer!, '/no/python')).toMatch(/ENOENT/)
})

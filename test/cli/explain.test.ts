import { describe, expect, it } from 'vitest'
import { pages } from '../../src/diagnostics/pages.ts'
import { createSession } from './session.ts'

describe('explain', () => {
  it.each(['explain', 'explain --list'])('%s lists everything under headings', async (line) => {
    const { stdout, exitCode } = await createSession().run(line)
    expect(exitCode).toBe(0)
    const names = [...stdout.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name!)
    for (const known of [
      'unknown-name',
      'softplus',
      '+',
      'ema',
      'cautious',
      'std/adam',
      'state',
      'else',
      'pi',
      'lr',
      'space',
      'limits',
      'axes',
      'globals',
      'normal',
      'types',
      'particle',
      'noisy',
      'operands',
      'train',
    ])
      expect(names).toContain(known)
    for (const code of Object.keys(pages)) expect(names).toContain(code)
    expect([...stdout.matchAll(/^(?! )(.+)$/gm)].map(([, group]) => group)).toContain(
      'Words of the search',
    )
  })

  it.each([
    ['explain std/adam --against pytorch --python ./first', './first'],
    ['explain std/adam --against pytorch', './second'],
  ])('%s asks the interpreter %s', async (line, python) => {
    const { stderr } = await createSession().run(line, { env: { OPTC_PYTHON: './second' } })
    expect(stderr).toBe(`no numbers: spawnSync ${python} ENOENT\n`)
  })

  it.each([
    ['over', 'over: names the axis that'],
    ['dim', 'Inputs and outputs: the axes of a parameter'],
    ['onNonFinite', 'Hyperparameters, and other values of them'],
    ['global', 'Numbers over all parameters'],
    ['matrix', 'Products, roots and eigenvectors'],
    [['Integrity check'], 'integrity check, in a search: '],
    [['optc train'], 'optc train [OPTIONS]'],
    ['import', 'brings in functions, schedules'],
    ['import', 'import, a command: '],
    ['std/lookahead', 'In `std/lookahead`:'],
    ['lookahead', 'In `std/wrappers`:'],
    ['lookahead', 'In `std/lookahead`:'],
    ['clip_by_global_norm', 'import { clip_by_global_norm } from "std/wrappers"'],
  ])('answers %s with the page about it', async (name, page) => {
    const words = typeof name === 'string' ? [name] : name
    const { stdout, exitCode } = await createSession().run(['explain', ...words])
    expect(exitCode).toBe(0)
    expect(stdout).toContain(page)
  })

  it('suggests a name that was perhaps meant', async () => {
    const { stderr, exitCode } = await createSession().run('explain fitnes')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('did you mean `fitness`?')
  })
})

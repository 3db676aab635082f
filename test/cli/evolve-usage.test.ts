import { expect, test } from 'vitest'
import { source } from '../stdlib/library.ts'
import { createSession } from './session.ts'

const space = source('std/spaces/published').text

test.each([
  ['--space nowhere', 2, 'there is no space nowhere', 'joint, published, or give an .opt file'],
  ['--space two.opt', 1, 'two.opt declares 2 spaces', 'put each into a file of its own'],
  ['--against nobody', 2, 'the library has no such optimizer', 'optc explain'],
  ['--against lr1', 2, 'the library has no such optimizer', 'optc explain'],
  ['--budget soon', 2, 'it must be a time or a number of steps', ''],
  ['--filters odor', 2, 'there is no filter odor', 'signs, constant'],
  ['--protocol slow', 2, 'there is no protocol slow', 'quick, sketch, published'],
  ['--task chess', 2, 'there is no task chess', 'optc tasks'],
  ['--confidence 1', 2, 'above 0.5 and below 1', ''],
  ['--finalists 0', 2, 'at least 1', ''],
])(
  'optc evolve %s is refused before anything is made',
  async (options, exitCode, problem, help) => {
    const second = space
      .slice(space.indexOf('/// The published space'))
      .replace('space published', 'space other')
    const session = createSession({ 'two.opt': `${space}\n${second}` })
    const result = await session.run(`evolve --out run ${options}`)
    expect(result).toMatchObject({ exitCode, stdout: '' })
    expect(result.stderr).toContain(problem)
    expect(result.stderr).toContain(help)
    expect(() => session.read('run/journal.jsonl')).toThrow('ENOENT')
  },
)

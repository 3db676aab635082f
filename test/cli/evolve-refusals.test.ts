import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createRunFolder } from '../../src/hosts/cli/evolving/run-folder.ts'
import { packageVersion } from '../../src/hosts/cli/package.ts'
import { spaceCatalog } from '../../src/diagnostics/catalog/space.ts'
import { writeEntry } from '../../src/evolve/journal.ts'
import { source } from '../stdlib/library.ts'
import { createSession, type Result, type Session, type SessionOptions } from './session.ts'
import { validConfiguration } from './valid-configuration.ts'

const published = source('std/spaces/published').text

/** The text with one place changed, which must be there. */
function changed(text: string, from: string, to: string): string {
  expect(text).toContain(from)
  return text.replace(from, to)
}

const journalOf = (configuration: object): string =>
  writeEntry({ kind: 'run', version: packageVersion(), configuration: { ...configuration } })

/** All files of a session with their contents. */
const contentsOf = ({ folder }: Session): readonly (readonly [string, string])[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => [path, readFileSync(path, 'utf8')])

/** What a line gives that must leave all files as they are, and make none. */
async function refused(
  session: Session,
  line: string,
  options: SessionOptions = {},
): Promise<Result> {
  const before = contentsOf(session)
  const result = await session.run(line, options)
  expect(contentsOf(session)).toEqual(before)
  expect(readdirSync(session.folder)).not.toContain('new')
  return result
}

const NEW = 'evolve --task quadratic --backend cpu --protocol sketch --out new'

describe('a space with errors is not searched', () => {
  test.each([
    ['a comma is missing', 'g^2,\n', 'g^2\n', /: mine\.opt:\d+:\d+: /],
    ['a call does not end', 'exp(x),', 'exp(x,', /: mine\.opt:\d+:\d+: /],
    ['a function is unknown', 'exp(x),', 'expo(x),', /mine\.opt:\d+:7: I don't know a function/],
    ['nothing can be drawn', 'hidden = 5', 'hidden = 0', /mine\.opt:\d+:14: `hidden` must be/],
  ])('%s', async (_, from, to, message) => {
    const session = createSession({ 'mine.opt': changed(published, from, to) })
    const { exitCode, stderr } = await refused(session, `${NEW} --space mine.opt`)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(message)
    expect(stderr).toContain('`optc check mine.opt` shows all that is wrong')
  })

  test.each([
    ['an argument too many', 'exp(x),', 'exp(x, x),'],
    ['an average in a decay', 'square(x),', 'ema(x, 0.9),'],
    ['an argument out of its range', 'corrected_ema(x, 0.95),', 'corrected_ema(x, 1.5),'],
    ['an outer form that is none', 'mu = published', 'moo = published'],
  ])('nor one with %s', async (_, from, to) => {
    const text = changed(published, from, to)
    const session = createSession({ 'mine.opt': text })
    const { exitCode, stderr } = await refused(session, `${NEW} --space mine.opt`)
    expect(exitCode).toBe(1)
    const line = text.slice(0, text.indexOf(to)).split('\n').length
    expect(stderr).toContain(`error: mine.opt:${line}:`)
    expect(stderr).toContain('rules of the space published would not check')
  })

  test('nor is a file without a space', async () => {
    const session = createSession({ 'mine.opt': 'update = lr * g\n' })
    const { exitCode, stderr } = await refused(session, `${NEW} --space mine.opt`)
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: 'error: mine.opt declares no space\n',
    })
  })

  test('nor one that imports what stands beside it', async () => {
    const session = createSession({
      'spaces/ops.opt': 'fn twice(x) = x + x\n',
      'spaces/mine.opt': `import { twice } from "./ops.opt"\n${changed(published, 'exp(x),', 'twice(x),')}`,
    })
    const { exitCode, stderr } = await refused(session, `${NEW} --space spaces/mine.opt`)
    expect(exitCode).toBe(1)
    expect(stderr).toContain('a space can import from the standard library only')
  })
})

describe('a search with nothing to begin with', () => {
  test.each(['published', 'joint', 'small.opt'])('is refused in the space %s', async (space) => {
    const session = createSession({ 'small.opt': spaceCatalog['unusable-space'].right })
    const { exitCode, stderr } = await refused(session, `${NEW} --initial 0 --space ${space}`)
    expect(exitCode).toBe(2)
    expect(stderr).toContain('there is no rule to begin with')
  })

  test.each([
    ['update = lr * abs(g) * 0\n', '', 'rule.opt fails the integrity check and is not used'],
    [
      'fn Candidate(x) = 2 * x\nupdate = lr * Candidate(g)\n',
      '',
      'rule.opt does not check with the space published and is not used',
    ],
    [
      'update = lr * relu(g)\n',
      ' --filters cosine,signs',
      'rule.opt is rejected by the filter signs and is not used',
    ],
  ])('is refused when %j is all there is', async (text, options, message) => {
    const session = createSession({ 'rule.opt': text })
    const { exitCode, stderr } = await refused(session, `${NEW} --initial 0${options} rule.opt`)
    expect(exitCode).toBe(1)
    expect(stderr).toContain(message)
    expect(stderr).toContain('none of the rules can be used')
  })
})

test('a rule in which a space can change nothing says so', async () => {
  const space = changed(
    spaceCatalog['unusable-space'].right,
    'unary = [x, sign(x)]',
    'unary = [sign(x)]',
  )
  const session = createSession({ 'small.opt': space, 'rule.opt': 'update = lr * tanh(g)\n' })
  const { exitCode, stderr } = await refused(
    session,
    `${NEW} --initial 0 --space small.opt rule.opt`,
  )
  expect(exitCode).toBe(1)
  expect(stderr).toContain('rule.opt has nothing that the space small can change and is not used')
})

const without = (name: string): object =>
  Object.fromEntries(Object.entries(validConfiguration).filter(([key]) => key !== name))
const { judging } = validConfiguration

describe('a damaged configuration', () => {
  const damages: readonly (readonly [string, object])[] = [
    ...Object.keys(validConfiguration)
      .filter((name) => name !== 'budget')
      .map((name) => [name, without(name)] as const),
    ['judging.name', { ...validConfiguration, judging: {} }],
    ['judging.ladder', { ...validConfiguration, judging: { ...judging, ladder: [] } }],
    ['given[0]', { ...validConfiguration, given: [null] }],
    ['given', { ...validConfiguration, given: 'rule.opt' }],
    ['particles', { ...validConfiguration, particles: 0 }],
    ['seed', { ...validConfiguration, seed: 1.5 }],
    ['filters[0]', { ...validConfiguration, filters: ['none'] }],
    ['budget', { ...validConfiguration, budget: { hours: 1 } }],
    ['selection', { ...validConfiguration, selection: { kind: 'racing' } }],
    ['its fields', { ...validConfiguration, particels: 3 }],
  ]
  test.each(damages)('in %s is told, and nothing is touched', async (field, configuration) => {
    const session = createSession({ 'run/journal.jsonl': journalOf(configuration) })
    for (const line of ['evolve --resume run', 'report run']) {
      const { exitCode, stderr } = await refused(session, line)
      expect(exitCode).toBe(1)
      expect(stderr).toContain(`error: the configuration of run is damaged: ${field}`)
    }
  })

  test.each([
    [
      'spaceText:',
      { spaceText: published.replace('hidden = 5', 'hidden = 0') },
      '`hidden` must be',
    ],
    ['spaceText', { spaceText: 'update = lr * g\n' }, 'declares no space'],
    [
      'given[0].text:2:15:',
      { given: [{ path: 'a.opt', text: 'let a = g\nupdate = lr * gg\n' }] },
      '',
    ],
    ['given[0].text', { given: [{ path: 'a.opt', text: 'fn f(x) = x\n' }] }, 'has no optimizer'],
    ['against[1]', { against: ['adam', 'eve'] }, 'the library has no eve'],
    ['task', { task: 'chess' }, 'there is no task chess'],
  ])('whose %s cannot be used is told as one', async (field, change, message) => {
    const journal = journalOf({ ...validConfiguration, ...change })
    const session = createSession({ 'run/journal.jsonl': journal })
    const { exitCode, stderr } = await refused(session, 'evolve --resume run')
    expect(exitCode).toBe(1)
    expect(stderr).toContain(`error: the configuration of run is damaged: ${field}`)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('std/')
  })

  test('of another version is said to be of that version', async () => {
    const journal = writeEntry({ kind: 'run', version: '0.0.1', configuration: {} })
    const session = createSession({ 'run/journal.jsonl': journal })
    const { stderr } = await refused(session, 'evolve --resume run')
    expect(stderr).toContain('run was begun with optc 0.0.1')
  })

  test('is not one of a run that has just begun: that has a report', async () => {
    const session = createSession({ 'run/journal.jsonl': journalOf(validConfiguration) })
    expect(await session.run('report run')).toMatchObject({ exitCode: 0 })
    expect(session.read('run/report.html')).toContain('quadratic')
  })
})

describe('a run that is resumed with a space of its own', () => {
  const begun = journalOf({ ...validConfiguration, space: 'mine.opt' })
  const line = 'evolve --resume run --space mine.opt'
  const resume = (spaceText: string): Promise<Result> => {
    const session = createSession({ 'run/journal.jsonl': begun, 'mine.opt': spaceText })
    // Ended before a process is started.
    return refused(session, line, { signal: AbortSignal.abort() })
  }

  test('goes on when that is as it was', async () => {
    expect(await resume(published)).toEqual({ exitCode: 130, stdout: '', stderr: '' })
  })

  test('does not when that was edited', async () => {
    const { exitCode, stderr } = await resume(changed(published, 'reuse = 0.2', 'reuse = 0.3'))
    expect(exitCode).toBe(2)
    expect(stderr).toContain('the run was begun with another --space')
  })
})

describe('a hint can be pasted', () => {
  test.each([
    ['my runs/a', "--resume 'my runs/a'"],
    ["it's", "--resume 'it'\\''s'"],
    ['run-1', '--resume run-1'],
  ])('for the folder %s', (folder, hint) => {
    const session = createSession({ [`${folder}/journal.jsonl`]: journalOf(validConfiguration) })
    expect(() => createRunFolder(join(session.folder, folder), folder, '1.0.0', {})).toThrow(
      expect.objectContaining({ help: `go on with it: ${hint}` }),
    )
  })
})

test.each([
  ['--space nowhere', 2, 'there is no space nowhere', 'joint, modern, published, or give an .opt file'],
  ['--space two.opt', 1, 'two.opt declares 2 spaces', 'put each into a file of its own'],
  ['--against nobody', 2, 'the library has no such optimizer', 'optc explain'],
  ['--against lr1', 2, 'the library has no such optimizer', 'optc explain'],
  ['--budget soon', 2, 'it must be a time or a number of steps', ''],
  ['--filters odor', 2, 'there is no filter odor', 'signs, constant'],
  ['--protocol slow', 2, 'there is no protocol slow', 'quick, sketch, published'],
  ['--task chess', 2, 'there is no task chess', 'optc tasks'],
  ['--confidence 1', 2, 'above 0.5 and below 1', ''],
  ['--finalists 0', 2, 'at least 1', ''],
])('%s is refused with what there is instead', async (options, exitCode, problem, help) => {
  const start = published.indexOf('/// The published space')
  const second = changed(published.slice(start), 'space published', 'space other')
  const session = createSession({ 'two.opt': `${published}\n${second}` })
  const result = await refused(session, `evolve --out new ${options}`)
  expect(result).toMatchObject({ exitCode, stdout: '' })
  expect(result.stderr).toContain(problem)
  expect(result.stderr).toContain(help)
})

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commands } from '../../src/hosts/cli/command-table.ts'
import type { RunConfiguration } from '../../src/hosts/cli/evolving/configuration-schema.ts'
import {
  configurationOf,
  type EvolveOptions,
} from '../../src/hosts/cli/evolving/run-configuration.ts'
import type { World } from '../../src/hosts/cli/world.ts'
import { createSources } from '../../src/hosts/cli/sources.ts'
import { writeEntry } from '../../src/evolve/journal.ts'
import { findProtocol } from '../../src/tasks/protocol.ts'
import { source } from '../stdlib/library.ts'
import { elementsOf, readMarkup, textOf } from '../report/markup.ts'
import { syntheticRun } from '../report/synthetic-run.ts'
import { findTask } from '../../src/tasks/task.ts'
import { createSession } from './session.ts'
import { validConfiguration } from './valid-configuration.ts'

const journal = syntheticRun({
  particles: 1,
  timesteps: 1,
  children: 2,
  initial: 4,
  finalists: 1,
  finalSeeds: 2,
  rungs: 0,
  baselines: ['adam'],
})
  .map((entry) =>
    writeEntry(
      entry.kind === 'run' ? { ...entry, configuration: { ...validConfiguration } } : entry,
    ),
  )
  .join('')

test('writes the page into the run and says where', async () => {
  const session = createSession({ 'run/journal.jsonl': journal })
  const result = await session.run('report run')
  expect(result).toEqual({ exitCode: 0, stdout: '', stderr: 'written to run/report.html\n' })
  const page = session.read('run/report.html')
  expect(page).toMatch(/^<!DOCTYPE html>\n/)
  expect(page).toMatch(/<\/html>\n$/)
  await session.run('report run')
  expect(session.read('run/report.html')).toBe(page)
})

test('writes it elsewhere or prints it', async () => {
  const session = createSession({ 'run/journal.jsonl': journal })
  expect(await session.run('report run --out shown/page.html')).toMatchObject({
    exitCode: 0,
    stderr: 'written to shown/page.html\n',
  })
  const printed = await session.run('report run --out -')
  expect(printed).toMatchObject({ exitCode: 0, stderr: '' })
  expect(printed.stdout).toBe(session.read('shown/page.html'))
  expect(readdirSync(join(session.folder, 'run'))).toEqual(['journal.jsonl'])
})

test('a torn last line is left out', async () => {
  const session = createSession({ 'run/journal.jsonl': journal.slice(0, -20) })
  expect((await session.run('report run')).exitCode).toBe(0)
  const [, page] = [session.read('run/journal.jsonl'), session.read('run/report.html')]
  expect(page).toContain('optc evolve')
  expect(session.read('run/journal.jsonl')).toBe(journal.slice(0, -20))
})

const first = journal.indexOf('\n') + 1

test.each([
  ['without a journal', 'run/other.txt', 'x', 'journal.jsonl: there is no such file'],
  ['an empty journal', 'run/journal.jsonl', '', 'does not begin with a configuration'],
  [
    'a journal without its beginning',
    'run/journal.jsonl',
    journal.slice(first),
    'does not begin with a configuration',
  ],
  [
    'a damaged journal',
    'run/journal.jsonl',
    `${journal.slice(0, first)}{}\n${journal.slice(first)}`,
    'line 2 is no entry of a journal',
  ],
])('a folder %s is refused, nothing written', async (_, name, content, problem) => {
  const session = createSession({ [name]: content })
  const result = await session.run('report run')
  expect(result).toMatchObject({ exitCode: 1, stdout: '' })
  expect(result.stderr).toMatch(/run is no run of optc evolve|run\/journal.jsonl is damaged/)
  expect(result.stderr).toContain(problem)
  expect(existsSync(join(session.folder, 'run/report.html'))).toBe(false)
})

test('wants a run, and for a page that is served --watch', async () => {
  const session = createSession()
  for (const line of ['report a --open', 'report a --port 1', 'report a --watch --out a'])
    expect(await session.run(line)).toMatchObject({ exitCode: 2 })
  expect(await session.run('report nowhere --watch')).toMatchObject({ exitCode: 1 })
  expect(await session.run('report nowhere')).toMatchObject({ exitCode: 1 })
  expect(await session.run('report')).toMatchObject({ exitCode: 2 })
  expect(await session.run('report one two')).toMatchObject({ exitCode: 1 })
})

test('puts several runs side by side', async () => {
  const other = journal.replace('"seed":1,', '"seed":17,')
  expect(other).not.toBe(journal)
  const session = createSession({ 'a/journal.jsonl': journal, 'b/journal.jsonl': other })
  expect(await session.run('report a b')).toEqual({
    ...{ exitCode: 0, stdout: '', stderr: 'written to comparison.html\n' },
  })
  const page = session.read('comparison.html')
  const elements = elementsOf(readMarkup(page))
  const settings = elements.find(({ attributes }) => attributes.get('id') === 'settings')!
  const cells = elementsOf(settings).filter(({ name }) => name === 'td')
  expect(cells.map(textOf)).toEqual(['seed', '1', '17'])
  expect(await session.run('report b a --out -')).toMatchObject({ exitCode: 0 })
})

describe('the command that repeats a run', () => {
  const base: EvolveOptions = {
    ...(Object.fromEntries(
      Object.entries(evolve().options).map(([name, { initial }]) => [name, initial]),
    ) as unknown as EvolveOptions),
    task: 'quadratic',
    backend: 'cpu',
    seed: 3,
  }
  const sketch = findProtocol('sketch')!
  const files = {
    'own/rules/mine.opt': source('std/adam').text,
    'mine.opt': source('std/sgd').text,
    'own/it’s a space.opt': source('std/spaces/joint').text,
    'own/quick one.json': JSON.stringify({ ...sketch, name: 'sketch', summary: 'an own one' }),
  }

  test.each<[string, Partial<EvolveOptions>, readonly string[]]>([
    ['of presets', {}, []],
    [
      'with every option',
      {
        selection: 'published',
        reuse: 'scale',
        filters: ['signs', 'constant'],
        budget: { steps: 5000 },
        ladder: true,
        against: ['sgd'],
        finalSeeds: 2,
      },
      [],
    ],
    ['with a budget of minutes', { budget: { minutes: 90 }, contenders: 3, confidence: 0.9 }, []],
    [
      'with rules, a space and a protocol of its own',
      { space: 'own/it’s a space.opt', protocol: 'own/quick one.json' },
      ['own/rules/mine.opt', 'mine.opt'],
    ],
  ])('%s gives the same configuration', async (_, options, paths) => {
    const begun = createSession(files)
    const configuration = configurationIn(begun.folder, { ...base, ...options }, paths)
    begun.write({
      'run/journal.jsonl': writeEntry({
        kind: 'run',
        version: '0.1.0',
        configuration: { ...configuration },
      }),
    })
    await begun.run('report run')
    const page = elementsOf(readMarkup(begun.read('run/report.html')))
    const section = page.find(({ attributes }) => attributes.get('id') === 'configuration')!
    const [command] = elementsOf(section)
      .filter(({ name }) => name === 'pre')
      .map(textOf)
    const shown = elementsOf(section)
      .filter(({ name }) => name === 'details')
      .map((each) => {
        const [summary, ...rest] = each.children
        return [textOf(summary!).split(', ')[0]!, rest.map(textOf).join('')] as const
      })
      .filter(([summary]) => summary !== 'All settings')
    expect(shown).toHaveLength(paths.length === 0 ? 0 : 4)

    const repeated = createSession(Object.fromEntries(shown))
    const [words, operands] = optionsOf(command!)
    const again = configurationIn(repeated.folder, words, operands)
    const withoutPlaces = ({ space, given, ...rest }: RunConfiguration): unknown => ({
      ...rest,
      spaceText: rest.spaceText.trimEnd(),
      space: space.split('/').at(-1),
      given: given.map(({ text }) => text.trimEnd()),
    })
    expect(withoutPlaces(again)).toEqual(withoutPlaces(configuration))
  })

  function evolve(): (typeof commands)[number] {
    return commands.find(({ name }) => name === 'evolve')!
  }

  function configurationIn(
    folder: string,
    options: EvolveOptions,
    paths: readonly string[],
  ): RunConfiguration {
    const sources = createSources(folder)
    const given = paths.map((path) => ({ path, text: sources.read(path).text }))
    const tasks = { task: findTask(options.task)!, others: [] }
    return configurationOf(options, tasks, given, { cwd: folder } as World, sources)
  }

  /** A command line as a shell and the command table read it. */
  function optionsOf(line: string): [EvolveOptions, readonly string[]] {
    const words = [...line.replaceAll('\\\n', ' ').matchAll(/(?:'[^']*'|\\.|[^\s'\\])+/g)].map(
      ([word]) => word.replace(/'([^']*)'|\\(.)/g, '$1$2'),
    )
    expect(words.slice(0, 2)).toEqual(['optc', 'evolve'])
    const options: Record<string, unknown> = Object.fromEntries(
      Object.entries(evolve().options).map(([name, { initial }]) => [name, initial]),
    )
    const operands: string[] = []
    for (let place = 2; place < words.length; place++) {
      const word = words[place]!
      if (!word.startsWith('--')) operands.push(word)
      else {
        const name = word.slice(2).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
        const option = evolve().options[name]!
        options[name] = option.placeholder === undefined ? true : option.parse(words[++place]!)
      }
    }
    return [options as unknown as EvolveOptions, operands]
  }
})

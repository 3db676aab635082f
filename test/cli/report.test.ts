import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeEntry } from '../../src/evolve/journal.ts'
import { syntheticRun } from '../report/synthetic-run.ts'
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
  expect(result.stderr).toMatch(/run is no run of optc evolve|the journal of run is damaged/)
  expect(result.stderr).toContain(problem)
  expect(existsSync(join(session.folder, 'run/report.html'))).toBe(false)
})

test('wants one run', async () => {
  const session = createSession()
  expect(await session.run('report nowhere')).toMatchObject({ exitCode: 1 })
  expect(await session.run('report')).toMatchObject({ exitCode: 2 })
  expect(await session.run('report one two')).toMatchObject({ exitCode: 2 })
})

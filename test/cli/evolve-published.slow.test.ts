import { expect, test } from 'vitest'
import { readJournal } from '../../src/evolve/journal.ts'
import { evolve, journalOf, SEARCH, sessionWith, start } from './evolve-process.ts'

test('the published protocol, a hundredth as long, goes the whole way and on after a kill', async () => {
  const line = [...SEARCH, '--protocol', 'published', '--scale', '0.01', '--timesteps', '1']
  const [plain, killed] = [sessionWith(), sessionWith()]
  expect(await evolve(plain, [...line, '--workers', '1'])).toMatchObject({ exitCode: 0 })
  const { entries } = readJournal(journalOf(plain))
  expect(entries[0]).toMatchObject({ configuration: { scale: 0.01 } })
  expect(entries.filter(({ kind }) => kind === 'rung').length).toBeGreaterThan(1)
  expect(entries.at(-1)).toEqual({ kind: 'end' })
  const { child, ended } = start(killed, [...line, '--workers', '2'])
  const watch = setInterval(() => {
    if (journalOf(killed).split('\n').length > 10) child.kill('SIGKILL')
  }, 5)
  expect((await ended).exitCode).not.toBe(0)
  clearInterval(watch)
  const other = await evolve(killed, ['evolve', '--resume', 'run', '--scale', '0.02'])
  expect(other).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('the run was begun with another --scale') as string,
  })
  const same = ['--protocol', 'published', '--scale', '0.01', '--workers', '2']
  await evolve(killed, ['evolve', '--resume', 'run', ...same])
  expect(journalOf(killed)).toBe(journalOf(plain))
}, 240_000)

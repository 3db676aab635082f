import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readJournal, type Entry } from '../../src/evolve/journal.ts'
import { createRandom, rootKey } from '../../src/operators/random.ts'
import { source } from '../stdlib/library.ts'
import { createScreen } from './screen.ts'
import type { Session } from './session.ts'
import {
  evolve,
  FILES,
  journalOf,
  keysOf,
  PROGRAM,
  SEARCH,
  sessionWith,
  start,
  type Ended,
} from './evolve-process.ts'

/** A space in which every hidden node needs another one. */
const circles = source('std/spaces/published').text.replace('reuse = 0.2', 'reuse = 1')

let whole: string
let keys: readonly string[]
let page: string
let table: string
let notes: string
beforeAll(async () => {
  if (!existsSync(PROGRAM)) throw new Error('dist/optc.cjs is missing: run `npm run build`')
  const folder = mkdtempSync(join(tmpdir(), 'optc-'))
  try {
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text)
    const { exitCode, stderr } = await evolve({ folder }, [...SEARCH, '--workers', '1'])
    expect([exitCode, stderr]).toEqual([0, expect.any(String)])
    notes = stderr
    whole = journalOf({ folder })
    keys = keysOf({ folder })
    page = readFileSync(join(folder, 'run', 'report.html'), 'utf8')
    table = readFileSync(join(folder, 'run', 'table.txt'), 'utf8')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

describe('the journal of a search', () => {
  test('holds all of its stages', () => {
    const kinds = readJournal(whole).entries.map(({ kind }) => kind)
    expect(new Set(kinds)).toEqual(
      new Set<Entry['kind']>([
        'run',
        'work',
        'select',
        'rung',
        'final',
        'ablation',
        'transfer',
        'end',
      ]),
    )
  })

  test('says what is left out before anything is trained, and keeps which tasks are in', () => {
    expect(notes.split('\n')[0]).toMatch(
      /^cifar10 is left out: .* holds no data_batch_1.bin; to get its data: .* --data cifar10=DIR$/,
    )
    const [first] = readJournal(whole).entries
    expect(first).toMatchObject({
      configuration: {
        otherTasks: [
          { task: './bowl.mjs', metric: { name: 'distance' }, taskFiles: [{ path: 'bowl.mjs' }] },
          { task: 'rosenbrock' },
        ],
        judging: { finals: [{ task: 'rosenbrock' }] },
      },
    })
  })

  test('ends in a table of all tasks, and so does the report', () => {
    expect(table).toMatch(
      /\nfine-tuning on rosenbrock, minus the test loss\nrule +lr +chosen again/,
    )
    expect(table).toMatch(/\nrule +mean rank +1 +2\n(?:.*\n)+1 quadratic, 2 rosenbrock\n$/)
    for (const text of ['fine-tuning on rosenbrock', 'On other tasks', 'rung 2 on ./bowl.mjs'])
      expect(page).toContain(text)
  })

  test('makes a report that counts every evaluation once', () => {
    expect(page).toContain(`<strong>${keys.length}</strong><span>evaluations trained`)
  })

  test.each([2, 4])('is the same with %i workers', async (workers) => {
    const session = sessionWith()
    await evolve(session, [...SEARCH, '--workers', String(workers)])
    expect(journalOf(session)).toBe(whole)
  })

  test('is the same however often the process is killed, and no evaluation is lost that was done', async () => {
    const session = sessionWith()
    const random = createRandom(rootKey(3))
    let line: readonly string[] = [...SEARCH, '--workers', '2']
    let kills = 0
    for (let exitCode: number | null = null; exitCode !== 0;) {
      const before = existsSync(join(session.folder, 'run', 'evaluations.jsonl'))
        ? keysOf(session).length
        : 0
      const { child, ended } = start(session, line)
      // Killed after a part of all evaluations, wherever that is.
      const limit = before + Math.round(keys.length * (0.1 + 0.1 * random.uniform()))
      const watch = setInterval(() => {
        const path = join(session.folder, 'run', 'evaluations.jsonl')
        if (!existsSync(path) || readFileSync(path, 'utf8').split('\n').length <= limit) return
        child.kill('SIGKILL')
      }, 5)
      exitCode = (await ended).exitCode
      clearInterval(watch)
      if (exitCode !== 0) kills += 1
      const torn = existsSync(join(session.folder, 'run', 'journal.jsonl')) && kills % 2 === 1
      if (torn && exitCode !== 0)
        appendFileSync(join(session.folder, 'run', 'journal.jsonl'), '{"kind":"work","slot":"par')
      if (journalOf(session) !== '') line = ['evolve', '--resume', 'run', '--workers', '2']
    }
    expect(kills).toBeGreaterThan(1)
    expect(journalOf(session)).toBe(whole)
    const done = keysOf(session)
    expect(new Set(done).size).toBe(done.length)
    expect([...done].sort()).toEqual([...keys].sort())
  }, 180_000)

  test('of the modern space, from rules of the library, is the same with other workers and after a kill', async () => {
    const seeds = ['std/adamw', 'std/adafactor', 'std/cautious_adamw']
    const line = [...SEARCH, ...seeds, '--space', 'modern', '--initial', '1', '--workers']
    const [plain, killed] = [sessionWith(), sessionWith()]
    expect(await evolve(plain, [...line, '1'])).toMatchObject({ exitCode: 0 })
    const slots = readJournal(journalOf(plain)).entries.flatMap((entry) =>
      entry.kind === 'work' ? [entry.slot] : [],
    )
    expect(slots).toEqual(expect.arrayContaining(['given/0', 'given/1', 'given/2', 'initial/0']))
    const { child, ended } = start(killed, [...line, '2'])
    const watch = setInterval(() => {
      if (journalOf(killed).split('\n').length > 4) child.kill('SIGKILL')
    }, 5)
    expect((await ended).exitCode).not.toBe(0)
    clearInterval(watch)
    await evolve(killed, ['evolve', '--resume', 'run', '--workers', '2'])
    expect(journalOf(killed)).toBe(journalOf(plain))
  }, 180_000)

  test.each([
    ['rules are drawn', ['--initial', '20000', '--filters', 'all']],
    ['nothing can be trained', ['--initial', '20000', '--space', 'circles.opt']],
  ])('is ended by Ctrl-C while %s', async (_, options) => {
    const session = sessionWith({ 'circles.opt': circles })
    const { child, ended } = start(session, [...SEARCH, '--workers', '1', ...options])
    const watch = setInterval(() => {
      if (journalOf(session) === '') return
      clearInterval(watch)
      setTimeout(() => child.kill('SIGINT'), 300)
    }, 5)
    expect(await ended).toMatchObject({
      exitCode: 130,
      stderr: expect.stringContaining('go on with: optc evolve --resume run') as string,
    })
  })

  test('ends with a budget though there are more rules to draw than that pays for', async () => {
    const session = sessionWith()
    const options = ['std/sgd', '--initial', '100000', '--budget', '1s', '--workers', '1']
    const line = [...SEARCH.filter((word) => word !== '--ladder'), ...options]
    // 1 when this machine was too busy to judge even the given rule in time.
    const { exitCode } = await evolve(session, line)
    const { entries } = readJournal(journalOf(session))
    const drawn = entries.filter(({ kind }) => kind === 'work').length
    expect(entries.filter(({ kind }) => kind === 'stop')).toEqual([
      { kind: 'stop', stage: 'initial rules', begun: drawn },
    ])
    const before = journalOf(session)
    expect(await evolve(session, ['evolve', '--resume', 'run'])).toMatchObject({ exitCode })
    expect(journalOf(session)).toBe(before)
  })

  test('says why when no rule can be drawn', async () => {
    const session = sessionWith({ 'circles.opt': circles })
    const options = ['--initial', '2', '--space', 'circles.opt', '--workers', '1']
    const { exitCode, stderr } = await evolve(session, [...SEARCH, ...options])
    expect(exitCode).toBe(1)
    expect(stderr).toContain(
      'all 4,000 that were drawn were thrown away, 4,000 of them for this: nodes that need each other in a circle',
    )
  })

  test('is ended by Ctrl-C with what there is, and goes on from there', async () => {
    const session = sessionWith()
    const { child, ended } = start(session, [...SEARCH, '--workers', '1'])
    const watch = setInterval(() => {
      if (journalOf(session).split('\n').length > 4) child.kill('SIGINT')
    }, 5)
    expect(await ended).toMatchObject({
      exitCode: 130,
      stderr: expect.stringContaining('go on with: optc evolve --resume run') as string,
    })
    clearInterval(watch)
    expect(whole.startsWith(journalOf(session))).toBe(true)
    expect(await evolve(session, ['evolve', '--resume', 'run'])).toMatchObject({ exitCode: 0 })
    expect(journalOf(session)).toBe(whole)
  })

  test('interrupted on a terminal leaves the panel and, below it, how to go on', async () => {
    const session = sessionWith()
    const interruption = new AbortController()
    const { exitCode, stderr } = await session.run([...SEARCH, '--workers', '1'], {
      ...{ terminal: true, env: { NO_COLOR: '1' }, signal: interruption.signal },
      onWrite: (text) => {
        if (text.includes('initial rules ░')) interruption.abort()
      },
    })
    expect(exitCode).toBe(130)
    const screen = createScreen(80)
    screen.write(stderr)
    const lines = screen.text().trimEnd().split('\n')
    expect(lines.at(-1)).toBe('interrupted; go on with: optc evolve --resume run')
    expect(lines.findIndex((line) => line.startsWith('initial rules'))).toBe(lines.length - 7)
  })

  test('whose report cannot be written has its table printed and kept, and leaves no pieces', async () => {
    const session = sessionWith({ 'run/journal.jsonl': whole, 'run/report.html/mine.txt': '' })
    const { exitCode, stdout, stderr } = await session.run('evolve --resume run --workers 1')
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^rule .*\nbest-1 /)
    expect(session.read('run/table.txt')).toBe(stdout)
    expect(stderr).toContain('cannot write run/report.html: it is a folder')
    expect(stderr).toContain('when that is mended: optc evolve --resume run')
    const names = readdirSync(join(session.folder, 'run'), { recursive: true }).map(String)
    expect(names.filter((name) => name.endsWith('.tmp') || name === 'lock')).toEqual([])
  })

  test('is not touched when it is complete', async () => {
    const session = sessionWith()
    session.write({ 'run/journal.jsonl': whole })
    const { exitCode } = await evolve(session, ['evolve', '--resume', 'run'])
    expect(exitCode).toBe(0)
    expect(journalOf(session)).toBe(whole)
  })
})

describe('a run cannot go on', () => {
  const refused = async (
    session: Session,
    line: readonly string[],
  ): Promise<Ended & { readonly untouched: boolean }> => {
    const before = readdirSync(session.folder, { recursive: true }).sort()
    const text = journalOf(session)
    const ended = await evolve(session, line)
    const after = readdirSync(session.folder, { recursive: true }).sort()
    return {
      ...ended,
      untouched: journalOf(session) === text && String(before) === String(after),
    }
  }
  const lines = (): string[] => whole.split('\n')

  test.each([
    ['nothing', {}, 'there is no folder run'],
    ['a folder of something else', { 'run/notes.txt': 'years of work' }, 'there is no such file'],
    ['a text', { 'run/journal.jsonl': 'Dear diary\n' }, 'does not begin with a configuration'],
    ['an empty journal', { 'run/journal.jsonl': '' }, 'does not begin with a configuration'],
  ])('that is %s', async (_, files, message) => {
    const answer = await refused(sessionWith(files), ['evolve', '--resume', 'run'])
    expect(answer).toMatchObject({ exitCode: 1, untouched: true })
    expect(answer.stderr).toContain(message)
  })

  test.each([
    [['--particles', '9'], 'begun with another --particles'],
    [['--selection', 'published'], 'begun with another --selection'],
    [['--final-seeds', '9'], 'begun with another --final-seeds'],
    [['--out', 'other'], 'stays in its folder'],
  ])('with %j', async (options, message) => {
    const session = sessionWith({ 'run/journal.jsonl': whole })
    const answer = await refused(session, ['evolve', '--resume', 'run', ...options])
    expect(answer).toMatchObject({ exitCode: 2, untouched: true })
    expect(answer.stderr).toContain(message)
  })

  test('of another version', async () => {
    const other = whole.replace(/"version":"[^"]*"/, '"version":"99.0.0"')
    const session = sessionWith({ 'run/journal.jsonl': other })
    const answer = await refused(session, ['evolve', '--resume', 'run'])
    expect(answer).toMatchObject({ exitCode: 1, untouched: true })
    expect(answer.stderr).toContain('begun with optc 99.0.0')
  })

  test('whose configuration was changed', async () => {
    const changed = [lines()[0]!.replace('"seed":1', '"seed":2'), ...lines().slice(1)].join('\n')
    const session = sessionWith({ 'run/journal.jsonl': changed })
    const { exitCode, stderr } = await evolve(session, ['evolve', '--resume', 'run'])
    expect(exitCode).toBe(1)
    expect(stderr).toContain(
      'line 2 of run/journal.jsonl is not what its configuration and evaluations.jsonl give',
    )
    expect(journalOf(session)).toBe(changed)
  })

  test('with a damaged line', async () => {
    const damaged = [...lines().slice(0, 3), 'damage', ...lines().slice(4)].join('\n')
    const session = sessionWith({ 'run/journal.jsonl': damaged })
    const answer = await refused(session, ['evolve', '--resume', 'run'])
    expect(answer).toMatchObject({ exitCode: 1, untouched: true })
    expect(answer.stderr).toContain('line 4 is no entry of a journal')
  })
})

describe('rules to begin with', () => {
  const from = (files: Readonly<Record<string, string>>) => {
    const session = sessionWith(files)
    const options = ['--initial', '0', '--timesteps', '0', '--ladder']
    const line = [...SEARCH.filter((word) => word !== '--ladder'), ...options]
    return { session, ended: evolve(session, [...line, ...Object.keys(files)]) }
  }

  test('that fail the integrity check are named and not used, the others are', async () => {
    const { session, ended } = from({
      'bad.opt': 'update = lr * abs(g) * 0\n',
      'good.opt': 'update = lr * sign(g)\n',
    })
    const { exitCode, stderr } = await ended
    expect(stderr).toContain('bad.opt fails the integrity check and is not used')
    expect(exitCode).toBe(0)
    expect(session.read('run/table.txt')).toMatch(/^best-1 +good\.opt/m)
    const works = readJournal(journalOf(session)).entries.filter(({ kind }) => kind === 'work')
    expect(works.some((work) => 'slot' in work && work.slot === 'given/0')).toBe(true)
    expect(works.some((work) => 'slot' in work && work.slot === 'given/1')).toBe(false)
  })

  test('are all optimizers of a file, each under its name', async () => {
    const optimizer = (name: string, update: string): string =>
      `optimizer ${name}(lr in (0, inf) = 0.1) {\n  update = lr * ${update}\n}\n`
    const { session, ended } = from({
      'two.opt': optimizer('Signs', 'sign(g)') + optimizer('Slopes', 'tanh(g)'),
    })
    expect(await ended).toMatchObject({ exitCode: 0 })
    const { entries } = readJournal(journalOf(session))
    const given = entries.flatMap((entry) =>
      entry.kind === 'work' && entry.slot.startsWith('given/') ? entry.attempts : [],
    )
    expect(given.map(({ rule }) => /optimizer (\w+)/.exec(rule)?.[1])).toEqual(['Signs', 'Slopes'])
    expect(session.read('run/table.txt')).toMatch(/^best-1 +two\.opt: S(igns|lopes)/m)
  })

  test('with errors end it, and nothing is made', async () => {
    const { session, ended } = from({ 'broken.opt': 'update = lr * gg\n' })
    expect(await ended).toMatchObject({ exitCode: 1 })
    expect(existsSync(join(session.folder, 'run'))).toBe(false)
  })
})

import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createSources } from '../../src/hosts/cli/sources.ts'
import { findRuns } from '../../src/hosts/cli/watching/find-runs.ts'
import { followFile } from '../../src/hosts/cli/watching/followed-file.ts'
import { createWatchSite, type WatchSite } from '../../src/hosts/cli/watching/watch-site.ts'
import { watchRun, type WatchedRun } from '../../src/hosts/cli/watching/watched-run.ts'
import { startServer, TOKEN_HEADER, type RunningServer } from '../../src/hosts/serving/server.ts'
import { writeEntry } from '../../src/evolve/journal.ts'
import { readMarkup } from '../report/markup.ts'
import { syntheticRun } from '../report/synthetic-run.ts'
import { validConfiguration } from './valid-configuration.ts'

const lines = syntheticRun({
  ...{ particles: 1, timesteps: 1, children: 2, initial: 4, finalists: 1, finalSeeds: 2 },
  ...{ rungs: 0, baselines: ['adam'] },
}).map((entry) =>
  writeEntry(entry.kind === 'run' ? { ...entry, configuration: { ...validConfiguration } } : entry),
)
const unfinished = lines.slice(0, 4).join('')
const whole = lines.join('')

function makeFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'optc-runs-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

const pause = (): Promise<void> => Promise.resolve()
const { loader } = createSources(tmpdir())

/** The number of a process that is gone. */
async function gone(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  return child.pid!
}

describe('a file that grows', () => {
  it('is read as it is, however it is written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary' })),
        fc.infiniteStream(fc.nat(9)),
        (rows, cuts) => {
          const path = join(makeFolder(), 'lines')
          const bytes = Buffer.from(rows.map((row) => `${row.replaceAll('\n', '')}\n`).join(''))
          writeFileSync(path, '')
          const look = followFile(path)
          let read = ''
          for (let place = 0; place < bytes.length;) {
            const size = 1 + cuts.next().value!
            appendFileSync(path, bytes.subarray(place, place + size))
            place += size
            const growth = look()
            expect(growth?.isAnew ?? false).toBe(false)
            if (growth !== undefined) expect(growth.text.endsWith('\n')).toBe(true)
            read += growth?.text ?? ''
          }
          expect(read).toBe(bytes.toString())
          expect(look()).toBeUndefined()
        },
      ),
      { numRuns: 50 },
    )
  })

  it('may have a torn line that is cut off, be replaced, go and come back', () => {
    const folder = makeFolder({ lines: 'one\ntw' })
    const path = join(folder, 'lines')
    const look = followFile(path)
    expect(look()).toEqual({ text: 'one\n', isAnew: false })
    truncateSync(path, 4)
    appendFileSync(path, 'two\n')
    expect(look()).toEqual({ text: 'two\n', isAnew: false })
    writeFileSync(join(folder, 'other'), 'other\nlines\nof it\n')
    renameSync(join(folder, 'other'), path)
    expect(look()).toEqual({ text: 'other\nlines\nof it\n', isAnew: true })
    rmSync(path)
    expect(look()).toEqual({ text: '', isAnew: true })
    expect(look()).toBeUndefined()
    writeFileSync(path, 'back\n')
    expect(look()).toEqual({ text: 'back\n', isAnew: false })
  })
})

describe('runs in a folder', () => {
  it('are found once each, by the names that they were given', () => {
    const cwd = makeFolder({
      'a/journal.jsonl': '',
      'more/b/journal.jsonl': '',
      'more/deep/c/journal.jsonl': '',
      'more/file': '',
      '.hidden/journal.jsonl': '',
    })
    const names = (...paths: readonly string[]): readonly string[] =>
      findRuns(paths, cwd).map(({ name }) => name)
    expect(names('.')).toEqual(['a'])
    expect(names('more', 'a', '.')).toEqual(['more/b', 'a'])
    expect(names('nothing', 'more/file')).toEqual([])
  })
})

describe('a run that is watched', () => {
  const begin = (files: Readonly<Record<string, string>>): WatchedRun => {
    const watched = watchRun(makeFolder(files), 'run', loader, pause)
    watched.look()
    return watched
  }

  it('is running, ended, interrupted, killed or damaged', async () => {
    const parent = process.ppid
    expect(begin({ 'journal.jsonl': unfinished, lock: `${parent}\n` }).state()).toEqual({
      ...{ kind: 'running', process: parent },
    })
    expect(begin({ 'journal.jsonl': whole }).state()).toEqual({ kind: 'ended' })
    expect(begin({ 'journal.jsonl': unfinished }).state()).toEqual({ kind: 'interrupted' })
    const dead = await gone()
    expect(begin({ 'journal.jsonl': unfinished, lock: `${dead}\n` }).state()).toEqual({
      ...{ kind: 'killed', process: dead },
    })
    const damaged = begin({ 'journal.jsonl': `${unfinished}{}\n` })
    expect(damaged.state()).toMatchObject({ kind: 'damaged' })
    expect(JSON.stringify(damaged.state())).toContain('journal.jsonl: line 5 is no entry')
    expect(damaged.run()?.works.length).toBeGreaterThan(0)
  })

  it('is seen to change, and only then', () => {
    const watched = begin({ 'journal.jsonl': unfinished })
    expect(watched.look()).toBe('nothing')
    const before = watched.run()
    expect(watched.run()).toBe(before)
    appendFileSync(join(watched.location, 'journal.jsonl'), lines[4]!.slice(0, 20))
    expect(watched.look()).toBe('nothing')
    appendFileSync(join(watched.location, 'journal.jsonl'), lines[4]!.slice(20))
    expect(watched.look()).toBe('growth')
    expect(watched.run()).not.toBe(before)
    writeFileSync(join(watched.location, 'lock'), `${process.ppid}\n`)
    expect(watched.look()).toBe('state')
    appendFileSync(
      join(watched.location, 'evaluations.jsonl'),
      '{"key":"a","minutes":0.5,"fitness":{}}\n{"key":"b","minutes":1.25,"fitness":{}}\n{"key":"c"',
    )
    expect(watched.look()).toBe('growth')
    expect(watched.evaluations()).toEqual({ count: 2, minutes: 1.25 })
  })

  it('has the report that is written into its folder, made once', async () => {
    const watched = begin({ 'journal.jsonl': unfinished })
    const first = await watched.report()
    expect(await watched.report()).toBe(first)
    expect(first.title).toBe(`optc evolve: ${validConfiguration.task}`)
    appendFileSync(join(watched.location, 'journal.jsonl'), lines[4]!)
    watched.look()
    expect(await watched.report()).not.toBe(first)
  })
})

describe('pages of runs', () => {
  interface Served extends RunningServer {
    readonly watched: WatchSite
    readonly folder: string
    readonly page: (path: string) => Promise<string>
  }

  async function serve(files: Readonly<Record<string, string>>): Promise<Served> {
    const folder = makeFolder(files)
    const world = { cwd: folder, env: {}, now: () => 0 }
    const watched = createWatchSite({ paths: ['.'], loader, pause }, world)
    watched.look()
    const server = await startServer(watched.site)
    onTestFinished(() => server.close())
    return {
      ...server,
      ...{ watched, folder },
      page: async (path) => {
        const text = await (await fetch(new URL(path, server.url))).text()
        // Well-formed: all that comes from files is escaped.
        readMarkup(text)
        return text
      },
    }
  }

  const HOSTILE = `<img src=x onerror=alert(1)>"&'`

  it('show all, one, or several beside each other; whatever they are called', async () => {
    const { page } = await serve({
      'one/journal.jsonl': whole,
      [`${HOSTILE}/journal.jsonl`]: unfinished,
      'broken/journal.jsonl': 'nothing\n',
    })
    const list = await page('/')
    for (const text of ['ended', 'interrupted', 'damaged', 'href="/run?name=one"'])
      expect(list).toContain(text)
    expect(list).not.toContain('<img')
    expect(await page('/run?name=one')).toContain('Finalists and baselines')
    const name = encodeURIComponent(HOSTILE)
    const hostile = await page(`/run?name=${name}`)
    expect(hostile).toContain('optc evolve --resume')
    expect(hostile).not.toContain('<img')
    expect(await page(`/compare?name=one&name=${name}`)).toContain('2 searches side by side')
    for (const path of ['/compare', '/compare?name=one&name=one', '/compare?name=x&name=y'])
      expect(await page(path)).toContain('Nothing to compare')
    expect(await page('/run?name=../one')).toContain('There is no such run')
    expect(await page('/run?name=broken')).toContain('This search has not begun')
  })

  it('appear when a run does, and are told of what comes to it', async () => {
    const { url, watched, folder, page } = await serve({})
    expect(await page('/')).toContain('There is no run of optc evolve in')
    const response = await fetch(`${url}events`)
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let told = ''
    const until = async (text: string): Promise<void> => {
      while (!told.includes(text)) told += (await reader.read()).value ?? ''
    }
    await until('retry')
    mkdirSync(join(folder, 'new'))
    writeFileSync(join(folder, 'new', 'journal.jsonl'), unfinished)
    watched.look()
    await until('event: change\ndata: ["new"]\n')
    expect(await page('/')).toContain('href="/run?name=new"')
    watched.look()
    watched.farewell()
    await until('event: farewell')
    expect(told.match(/event: change/g)).toHaveLength(1)
  })

  it('are made less often where that takes long, but tell at once of another state', async () => {
    let now = 0
    const folder = makeFolder({ 'one/journal.jsonl': unfinished })
    const path = join(folder, 'one', 'journal.jsonl')
    // Time passes while a page is made, whose clock this is.
    const world = { cwd: folder, env: {}, now: () => (now += 1000) }
    const watched = createWatchSite({ paths: ['.'], loader, pause }, world)
    watched.look()
    const server = await startServer(watched.site)
    onTestFinished(() => server.close())
    const { body } = await fetch(`${server.url}events`)
    await (await fetch(`${server.url}run?name=one`)).text()
    const grow = (index: number): void => {
      appendFileSync(path, lines[index]!)
      watched.look()
    }
    // A second a page: the next one ten seconds later, each look taking one.
    grow(4)
    now += 10_000
    grow(5)
    grow(6)
    writeFileSync(join(folder, 'one', 'lock'), `${process.ppid}\n`)
    grow(7)
    watched.farewell()
    let told = ''
    const events = body!.pipeThrough(new TextDecoderStream()).getReader()
    while (!told.includes('farewell')) told += (await events.read()).value ?? ''
    expect(told.match(/event: change/g)).toHaveLength(2)
  })

  it('resume what can be, when one of them asks', async () => {
    const { url, token, page } = await serve({
      'one/journal.jsonl': whole,
      'old/journal.jsonl': unfinished.replace(/"version":"[^"]*"/, '"version":"0.0.1"'),
    })
    const post = async (name: string, given = token): Promise<number> => {
      const headers = { [TOKEN_HEADER]: given, origin: new URL(url).origin }
      const body = JSON.stringify({ name })
      return (await fetch(`${url}resume`, { method: 'POST', headers, body })).status
    }
    expect(await post('old', 'guessed')).toBe(403)
    expect(await post('nothing')).toBe(404)
    expect(await post('one')).toBe(409)
    expect(await post('old')).toBe(200)
    expect(await post('old')).toBe(409)
    expect(await page('/run?name=old')).toContain('about to go on')
    // The process says what is wrong, and the page what it said.
    let text = ''
    while (!text.includes('It could not go on')) text = await page('/run?name=old')
    expect(text).toContain('was begun with optc 0.0.1')
    expect(text).toContain('Go on: ')
  })
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import {
  createRunFolder,
  readRun,
  resumeRunFolder,
  type RunFolder,
} from '../../src/hosts/cli/evolving/run-folder.ts'
import type { Fitness, FitnessRequest } from '../../src/evolve/fitness.ts'
import { writeEntry, type Entry } from '../../src/evolve/journal.ts'

const request = {
  source: { path: 'candidate.opt', text: 'update = lr * g' },
  flipped: false,
  seed: 1,
  surrogate: 'quick',
}
const fitnessOf = (seed: number): Fitness => ({ surrogate: 'quick', seed, steps: 9, score: 0.5 })
const keep = ({ evaluations }: RunFolder, asked: FitnessRequest) =>
  evaluations.judge(
    asked,
    ({ seed }) => Promise.resolve(fitnessOf(seed)),
    () => asked.seed,
  )
/** What a folder has of a request; undefined when it would have to be judged. */
const recalled = (
  { evaluations }: RunFolder,
  asked: FitnessRequest,
): Promise<Fitness | undefined> =>
  evaluations
    .judge(
      asked,
      () => Promise.reject(new Error('not there')),
      () => 0,
    )
    .then(({ fitness }) => fitness)
    .catch(() => undefined)
const configuration = { seed: 3, task: 'quadratic' }
const select: Entry = { kind: 'select', particle: 0, timestep: 1, slot: 'initial/0', score: 0.5 }

let root: string
let location: string
let journal: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'optc-run-'))
  location = join(root, 'run')
  journal = join(location, 'journal.jsonl')
})
afterEach(() => rmSync(root, { recursive: true }))

/** A folder that another process has let go of. */
const opened = (folder: RunFolder): RunFolder => {
  folder.close()
  return folder
}
const create = () => opened(createRunFolder(location, 'run', '1.0.0', configuration))
const resume = (version = '1.0.0') => opened(resumeRunFolder(location, 'run', version))

describe('a new run', () => {
  test('begins its journal with its configuration', () => {
    expect(create().past).toEqual([])
    expect(readRun(location, 'run').configuration).toEqual(configuration)
  })

  test('may begin in an empty folder', () => {
    mkdirSync(location)
    create()
    expect(existsSync(journal)).toBe(true)
  })

  test('refuses a folder with something else in it', () => {
    mkdirSync(location)
    writeFileSync(join(location, 'thesis.txt'), 'years of work')
    expect(create).toThrow('run exists and is not empty')
    expect(existsSync(journal)).toBe(false)
  })

  test('refuses the folder of another run, and says how to go on with that', () => {
    create()
    const before = readFileSync(journal, 'utf8')
    expect(create).toThrow(expect.objectContaining({ help: 'go on with it: --resume run' }))
    expect(readFileSync(journal, 'utf8')).toBe(before)
  })

  test('refuses a file', () => {
    writeFileSync(location, 'text')
    expect(create).toThrow('run is not a folder')
    expect(readFileSync(location, 'utf8')).toBe('text')
  })

  test('puts texts into folders of its own', () => {
    create().writeText('best/best-1.opt', 'update = g\n')
    expect(readFileSync(join(location, 'best', 'best-1.opt'), 'utf8')).toBe('update = g\n')
  })
})

describe('a folder in which a process was killed when it began', () => {
  const deadLock = async (): Promise<string> => {
    const owner = spawn(process.execPath, ['-e', ''])
    await once(owner, 'exit')
    return `${owner.pid}\n`
  }
  const line = writeEntry({ kind: 'run', version: '1.0.0', configuration })

  test('is as good as empty, wherever that was', async () => {
    mkdirSync(location)
    const lock = await deadLock()
    for (let length = 0; length < line.length; length += 7) {
      writeFileSync(join(location, 'lock'), lock)
      writeFileSync(journal, line.slice(0, length))
      create()
      expect(readFileSync(journal, 'utf8')).toBe(line)
      rmSync(journal)
    }
    writeFileSync(join(location, 'lock'), lock)
    create().write(select)
    expect(resume().past).toEqual([select])
  })

  test('is not one with something else in it', async () => {
    mkdirSync(join(location, 'candidates'), { recursive: true })
    writeFileSync(join(location, 'lock'), await deadLock())
    expect(create).toThrow('run exists and is not empty')
    rmSync(join(location, 'candidates'), { recursive: true })
    writeFileSync(journal, 'Dear diary')
    expect(create).toThrow('run exists and is not empty')
    expect(readFileSync(journal, 'utf8')).toBe('Dear diary')
  })

  test('is not one that a process still begins in', () => {
    mkdirSync(location)
    const owner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    onTestFinished(() => void owner.kill())
    writeFileSync(join(location, 'lock'), `${owner.pid}\n`)
    writeFileSync(journal, line.slice(0, 20))
    expect(create).toThrow(`process ${owner.pid} is working on run`)
    expect(readFileSync(journal, 'utf8')).toBe(line.slice(0, 20))
  })
})

describe('after something could not be written', () => {
  /** Lets no file be written at a path, until the given function is called. */
  const block = (path: string): (() => void) => {
    const before = existsSync(path) ? readFileSync(path) : undefined
    rmSync(path, { force: true })
    mkdirSync(path)
    return () => {
      rmSync(path, { recursive: true })
      if (before !== undefined) writeFileSync(path, before)
    }
  }
  const later: Entry = { ...select, timestep: 2 }

  test('nothing is written any more: no entry', async () => {
    const folder = create()
    const before = readFileSync(journal, 'utf8')
    const mend = block(journal)
    expect(() => folder.write(select)).toThrow('cannot write run/journal.jsonl')
    mend()
    expect(() => folder.write(later)).toThrow('cannot write run/journal.jsonl')
    await expect(keep(folder, request)).rejects.toThrow('cannot write run/journal.jsonl')
    expect(readFileSync(journal, 'utf8')).toBe(before)
    expect(existsSync(join(location, 'evaluations.jsonl'))).toBe(false)
    expect(resume().write(select)).toBe(false)
  })

  test('nothing is written any more: no evaluation', async () => {
    const folder = create()
    const mend = block(join(location, 'evaluations.jsonl'))
    await expect(keep(folder, request)).rejects.toThrow('cannot write run/evaluations.jsonl')
    mend()
    await expect(keep(folder, { ...request, seed: 2 })).rejects.toThrow('cannot write run/eval')
    expect(() => folder.write(select)).toThrow('cannot write run/evaluations.jsonl')
  })

  test('the lock is released when a run could not be opened', async () => {
    await keep(create(), request)
    appendFileSync(join(location, 'evaluations.jsonl'), 'damage\n')
    expect(() => resumeRunFolder(location, 'run', '1.0.0')).toThrow('line 2 is no evaluation')
    expect(existsSync(join(location, 'lock'))).toBe(false)
  })
})

describe('a run that goes on', () => {
  test('has what was written, and writes after it', () => {
    create().write(select)
    const again = resume()
    expect(again.past).toEqual([select])
    expect(again.write(select)).toBe(true)
    expect(again.write({ ...select, timestep: 2 })).toBe(false)
    expect(resume().past).toEqual([select, { ...select, timestep: 2 }])
  })

  test('cuts off a torn last line, also inside a character', () => {
    create().write(select)
    const whole = readFileSync(journal, 'utf8')
    const torn = Buffer.from('{"kind":"work","slot":"ünits')
    appendFileSync(journal, torn.subarray(0, torn.indexOf(0xc3) + 1))
    expect(resume().past).toEqual([select])
    expect(readFileSync(journal, 'utf8')).toBe(whole)
  })

  test('refuses a damaged journal and changes nothing', () => {
    create().write(select)
    appendFileSync(journal, 'damage\n{"kind":')
    const before = readFileSync(journal, 'utf8')
    expect(() => resume()).toThrow(
      'run/journal.jsonl is damaged: line 3 is no entry of a journal: it is not JSON',
    )
    expect(readFileSync(journal, 'utf8')).toBe(before)
  })

  test('refuses the journal of another version', () => {
    create()
    expect(() => resume('2.0.0')).toThrow(/begun with optc 1\.0\.0, this is 2\.0\.0/)
  })

  test('refuses a folder without a run', () => {
    expect(() => resume()).toThrow('there is no folder run')
    mkdirSync(location)
    expect(() => resume()).toThrow(
      'run is no run of optc evolve: journal.jsonl: there is no such file',
    )
    expect(() => readRun(location, 'run')).toThrow(/there is no such file/)
    writeFileSync(journal, '')
    expect(() => resume()).toThrow('run is no run of optc evolve')
    expect(() => readRun(location, 'run')).toThrow(/does not begin with a configuration/)
  })
})

describe('a run that is replayed', () => {
  test('must give what was written', () => {
    create().write(select)
    const before = readFileSync(journal, 'utf8')
    expect(() => resume().write({ ...select, score: 0.6 })).toThrow(
      'line 2 of run/journal.jsonl is not what its configuration and evaluations.jsonl give: score is 0.5 there and would be 0.6',
    )
    expect(readFileSync(journal, 'utf8')).toBe(before)
  })

  test('has every evaluation that was done, in whatever order, and the time it took', async () => {
    const folder = create()
    const requests = [3, 1, 2].map((seed) => ({ ...request, seed }))
    for (const each of requests) await keep(folder, each)
    const again = resume()
    expect(again.evaluations.minutes).toBe(3)
    for (const each of requests) expect(await recalled(again, each)).toEqual(fitnessOf(each.seed))
    for (const other of [
      { ...request, seed: 4 },
      { ...request, seed: 1, flipped: true },
      { ...request, seed: 1, learningRate: 0.1 },
      { ...request, seed: 1, surrogate: 'other' },
      { ...request, seed: 1, source: { path: 'a.opt', text: 'update = lr * w' } },
    ])
      expect(await recalled(again, other)).toBeUndefined()
  })

  test('asks once for what is asked for twice at a time', async () => {
    const { evaluations } = create()
    let asked = 0
    const judge = async (): Promise<Fitness> => {
      asked += 1
      await new Promise(setImmediate)
      return fitnessOf(1)
    }
    const answers = await Promise.all(
      [1, 2, 3].map(() => evaluations.judge(request, judge, () => 0)),
    )
    expect(answers.map(({ news }) => news)).toEqual([true, false, false])
    expect(asked).toBe(1)
  })

  test('forgets an evaluation that was not written whole, and keeps those before it', async () => {
    await keep(create(), request)
    const file = join(location, 'evaluations.jsonl')
    const whole = readFileSync(file, 'utf8')
    for (let length = 1; length < whole.length; length += 9) {
      writeFileSync(file, whole + whole.slice(0, length).replace('"seed":1', '"seed":2'))
      expect(await recalled(resume(), request)).toEqual(fitnessOf(1))
      expect(readFileSync(file, 'utf8')).toBe(whole)
    }
  })

  test('says where evaluations are damaged', async () => {
    await keep(create(), request)
    appendFileSync(join(location, 'evaluations.jsonl'), 'damage\n')
    expect(() => resume()).toThrow('run/evaluations.jsonl is damaged: line 2 is no evaluation')
  })

  test('counts the lines of damaged evaluations, those that come twice too', async () => {
    await keep(create(), request)
    const file = join(location, 'evaluations.jsonl')
    const line = readFileSync(file, 'utf8')
    writeFileSync(file, `${line}${line}${line}damage\n`)
    expect(() => resume()).toThrow('run/evaluations.jsonl is damaged: line 4 is no evaluation')
  })

  test('does not choose between two evaluations that contradict each other', async () => {
    await keep(create(), request)
    await keep(resume(), { ...request, seed: 2 })
    const file = join(location, 'evaluations.jsonl')
    const [first] = readFileSync(file, 'utf8').split('\n')
    appendFileSync(file, `${first!.replace('"score":0.5', '"score":0.6')}\n`)
    expect(() => resume()).toThrow(
      'run/evaluations.jsonl is damaged: line 3 says something else of the rule of line 1',
    )
  })
})

describe('one process at a time', () => {
  test('works on a run', () => {
    create()
    const owner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    onTestFinished(() => void owner.kill())
    writeFileSync(join(location, 'lock'), `${owner.pid}\n`)
    expect(() => resume()).toThrow(`process ${owner.pid} is working on run`)
  })

  test.each([1, 2, 3])('gets a stale lock of several that begin at a time, round %i', async () => {
    create()
    const dead = spawn(process.execPath, ['-e', ''])
    await once(dead, 'exit')
    const lock = join(location, 'lock')
    writeFileSync(lock, `${dead.pid}\n`)
    const bundled = join(root, 'lock.mjs')
    await build({
      ...{ bundle: true, platform: 'node', format: 'esm', outfile: bundled, logLevel: 'error' },
      stdin: {
        contents: `
          import { lockRun } from './src/hosts/cli/evolving/run-lock.ts'
          while (Date.now() < Number(process.argv[3]));
          try {
            lockRun(process.argv[2], 'run')
            console.log('mine')
          } catch (error) {
            console.log(error.message)
          }
          process.stdin.resume()
        `,
        resolveDir: join(import.meta.dirname, '../..'),
      },
    })
    // All of them at the same moment.
    const moment = String(Date.now() + 1500)
    const contenders = Array.from({ length: 6 }, () =>
      spawn(process.execPath, [bundled, location, moment], { stdio: ['pipe', 'pipe', 'ignore'] }),
    )
    onTestFinished(() => contenders.forEach((each) => void each.kill('SIGKILL')))
    const said = await Promise.all(
      contenders.map(async ({ stdout }) => {
        const [text] = (await once(stdout, 'data')) as [Buffer]
        return text.toString().trim()
      }),
    )
    expect(said.filter((line) => line === 'mine')).toHaveLength(1)
    for (const line of said) expect(line).toMatch(/^mine$|process.* is working on run$/)
    const owner = contenders[said.indexOf('mine')]!
    expect(readFileSync(lock, 'utf8')).toBe(`${owner.pid}\n`)
    expect(readdirSync(location).sort()).toEqual(['journal.jsonl', 'lock'])
  })

  test('a process that was killed is not in the way', async () => {
    create()
    const owner = spawn(process.execPath, ['-e', ''])
    await once(owner, 'exit')
    writeFileSync(join(location, 'lock'), `${owner.pid}\n`)
    expect(resume().past).toEqual([])
    expect(existsSync(join(location, 'lock'))).toBe(false)
  })
})

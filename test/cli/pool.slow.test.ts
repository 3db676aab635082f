import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { build } from 'esbuild'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  createPool,
  isInterruption,
  isPoolClosed,
  type Pool,
} from '../../src/hosts/cli/evolving/pool.ts'
import type { WorkerSetup } from '../../src/hosts/worker/messages.ts'
import type { WorkerLimits } from '../../src/hosts/cli/evolving/worker-process.ts'
import { isFailure } from '../../src/hosts/cli/failure.ts'
import type { Fitness, FitnessRequest } from '../../src/evolve/fitness.ts'
import type { Protocol } from '../../src/tasks/protocol.ts'
import { isGone } from './processes.ts'
import { createSession, type Session } from './session.ts'

const script = join(import.meta.dirname, 'fake-worker.cjs')

const surrogate = {
  ...{ name: 'tiny', width: { times: 1 }, batchSize: 1, epochSteps: 1, totalSteps: 1, epochs: 1 },
  ...{ warmupSteps: 0, holdSteps: 0, probe: [], stop: { afterEpoch: 1, below: 0 } },
}
const protocol: Protocol = {
  ...{ name: 'tiny', summary: '', initial: surrogate, evolution: surrogate, ladder: [] },
}

const request = (text: string, seed = 1): FitnessRequest => ({
  ...{ source: { path: 'rule.opt', text }, flipped: false, seed, surrogate: 'tiny' },
})

interface Fake {
  readonly pool: Pool
  readonly session: Session
  readonly judge: (text: string, seed?: number) => Promise<Fitness>
  /** What the processes have noted, in order. */
  readonly log: () => readonly string[]
  readonly stop: AbortController
}

/** Processes that take the rules' texts as orders; gone after the test. */
async function createFake(
  count: number,
  limits: Partial<WorkerLimits> = {},
  data = 'well',
  backend: WorkerSetup['backend'] = 'cpu',
): Promise<Fake> {
  const session = createSession()
  const stop = new AbortController()
  const setup: WorkerSetup = {
    ...{ task: 'none', protocol, backend, data, cwd: session.folder },
  }
  const pool = await createPool(count, setup, stop.signal, {
    script,
    limits: { pauseMilliseconds: 10, ...limits },
  })
  onTestFinished(pool.close)
  return {
    ...{ pool, session, stop },
    judge: (text, seed) => pool.judge(request(text, seed)),
    log: () => session.read('log').trimEnd().split('\n'),
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(10)
}

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('a pool judges', () => {
  it('with the backend of its processes, and gives what they answer', async () => {
    const { pool, judge } = await createFake(1)
    expect(pool.backend).toBe('fake')
    expect(await judge('good', 7)).toMatchObject({ surrogate: 'tiny', seed: 7, score: 0.5 })
  })

  it('with what the first process takes `auto` for, also in those that come later', async () => {
    const { pool, judge, log } = await createFake(3, {}, 'settling what auto means', 'auto')
    expect(pool.backend).toBe('fake')
    await judge('exits once')
    const asked = log().filter((line) => line.startsWith('asked'))
    expect(asked).toEqual(['asked for auto', ...Array(3).fill('asked for fake')])
  })

  it('on one thread in each process, whatever the environment says', async () => {
    vi.stubEnv('OMP_NUM_THREADS', '7')
    onTestFinished(() => void vi.unstubAllEnvs())
    const { judge } = await createFake(1)
    expect(await judge('counts threads')).toMatchObject({ score: 3 })
  })

  it('in the order of the requests', async () => {
    const { judge, log } = await createFake(1)
    const texts = Array.from({ length: 20 }, (_, index) => `good ${index}`)
    await Promise.all(texts.map((text) => judge(text)))
    expect(log()).toEqual(['start', ...texts.flatMap((text) => [`begin ${text}`, `end ${text}`])])
  })

  it('as many rules at a time as there are processes, and never more', async () => {
    const { judge, log } = await createFake(2)
    const meeting = ['meets another', 'meets another']
    const others = Array.from({ length: 30 }, (_, index) => `good ${index}`)
    const judged = await Promise.all([...meeting, ...others].map((text) => judge(text)))
    expect(new Set(judged.map(({ steps }) => steps)).size).toBe(2)
    let running = 0
    let most = 0
    for (const line of log()) {
      if (line.startsWith('begin')) most = Math.max(most, ++running)
      if (line.startsWith('end')) running -= 1
    }
    expect({ running, most }).toEqual({ running: 0, most: 2 })
  })
})

describe('a rule fails alone', () => {
  const cost = async (
    text: string,
    limits: Partial<WorkerLimits>,
  ): Promise<{ failed: Fitness; begun: number }> => {
    const { judge, log } = await createFake(1, limits)
    const [before, failed, after] = await Promise.all([
      judge('good'),
      judge(text, 3),
      judge('good'),
    ])
    for (const { score } of [before, after]) expect(score).toBe(0.5)
    return { failed, begun: log().filter((line) => line === `begin ${text}`).length }
  }
  const fitness = (failure: string): Fitness => ({
    ...{ surrogate: 'tiny', seed: 3, steps: 0, failure },
  })

  it('when it takes too long, without a second chance', async () => {
    expect(await cost('hangs', { milliseconds: 1000, pollMilliseconds: 100 })).toEqual({
      failed: fitness('it took longer than 1.0 s'),
      begun: 1,
    })
  })

  it.runIf(process.platform === 'linux')(
    'when it needs too much memory outside the heap, without a second chance',
    async () => {
      expect(await cost('grows arrays', { mebibytes: 300, pollMilliseconds: 20 })).toEqual({
        failed: fitness('it needed more than 300 MiB'),
        begun: 1,
      })
    },
  )

  it('when it fills its heap, without a second chance', async () => {
    expect(await cost('grows its heap', { mebibytes: 128, pollMilliseconds: 600_000 })).toEqual({
      failed: fitness('it needed more than 128 MiB'),
      begun: 1,
    })
  })

  it.each([
    ['exits', 'it ended its process'],
    ['is killed', 'it ended its process'],
    ['throws', 'it went wrong: no such kernel'],
    ['is not a number', 'its process gave no answer'],
  ])('when it %s twice', async (text, failure) => {
    expect(await cost(text, {})).toEqual({ failed: fitness(failure), begun: 2 })
  })
})

describe('what is not the fault of a rule', () => {
  it('is forgiven once: it is tried again in a fresh process', async () => {
    const { judge, log } = await createFake(1)
    const { steps: first } = await judge('good')
    const { score, steps: second } = await judge('exits once')
    expect(score).toBe(0.25)
    expect(second).not.toBe(first)
    expect(log().filter((line) => line === 'start')).toHaveLength(2)
  })

  it.runIf(process.platform === 'linux')(
    'is what others have left in memory: the next gets a fresh process',
    async () => {
      const { judge } = await createFake(1, { mebibytes: 200 })
      const { steps: first } = await judge('leaves arrays')
      const { steps: second, score } = await judge('good')
      expect(score).toBe(0.5)
      expect(second).not.toBe(first)
      expect(isGone(first)).toBe(true)
    },
  )

  it('is the end of a process between two rules', async () => {
    const { judge } = await createFake(1)
    const { steps: first } = await judge('good')
    process.kill(first, 'SIGKILL')
    expect(await judge('good')).toMatchObject({ score: 0.5 })
  })

  it('is a process that does not start at once', async () => {
    const { judge } = await createFake(1, {}, 'well every other time')
    expect(await judge('exits once')).toMatchObject({ score: 0.25 })
  })
})

describe('a pool cannot be used', () => {
  it.each([
    ['unusable', 'there is no data'],
    ['ends', 'a worker ended before it was ready: no such library'],
    ['garbled', 'a worker gave no answer when it was set up'],
    ['silent', 'a worker was not ready after 1.0 s'],
  ])('when the start of its processes is %s', async (data, message) => {
    const limits = data === 'silent' ? { startMilliseconds: 1000 } : {}
    const error = await rejection(createFake(2, limits, data))
    expect(isFailure(error)).toBe(true)
    expect(error).toMatchObject({ message, exitCode: 1 })
  })

  it('when its processes compute with different backends', async () => {
    const error = await rejection(createFake(2, {}, 'another each time', 'auto'))
    expect(error).toMatchObject({
      message: 'a worker does not compute with fake 1 as the others do',
      exitCode: 1,
    })
  })

  it('when no process can be started any more: all requests reject and say so', async () => {
    const { judge, log } = await createFake(1, {}, 'well once')
    const errors = await Promise.all([rejection(judge('exits')), rejection(judge('good'))])
    errors.push(await rejection(judge('good')))
    for (const error of errors) {
      expect(isPoolClosed(error)).toBe(false)
      expect(error).toMatchObject({
        message: 'a worker ended before it was ready: no such library',
        exitCode: 1,
      })
    }
    expect(log().filter((line) => line === 'start')).toHaveLength(4)
  })
})

describe('a pool that is closed', () => {
  it.each(['by its owner', 'by the signal'])(
    'says nothing about the rules that run, wait and come: %s',
    async (how) => {
      const { pool, judge, log, stop } = await createFake(2)
      const pending = ['hangs', 'hangs', 'good'].map((text) => rejection(judge(text)))
      await until(() => log().filter((line) => line === 'begin hangs').length === 2)
      if (how === 'by the signal') stop.abort()
      else pool.close()
      const errors = await Promise.all([...pending, rejection(judge('good'))])
      expect(errors.map(isPoolClosed)).toEqual([true, true, true, true])
      expect(log()).not.toContain('begin good')
    },
  )

  it('is not even opened when nobody wants it any more', async () => {
    const stop = new AbortController()
    stop.abort()
    const setup: WorkerSetup = {
      ...{ task: 'none', protocol, backend: 'cpu', data: 'well', cwd: '/nowhere' },
    }
    const error = await rejection(createPool(1, setup, stop.signal, { script }))
    expect(isPoolClosed(error)).toBe(true)
  })

  it('ends its processes', async () => {
    const { pool, judge } = await createFake(1)
    const { steps: pid } = await judge('good')
    expect(isGone(pid)).toBe(false)
    pool.close()
    await until(() => isGone(pid))
  })
})

describe('the process that has a pool is killed', () => {
  it('and its workers end by themselves, even in the midst of a rule that never ends', async () => {
    const { folder, write, read } = createSession({
      'main.ts': `
        import { createPool } from ${JSON.stringify(join(import.meta.dirname, '../../src/hosts/cli/evolving/pool.ts'))}
        const [script, cwd] = process.argv.slice(2)
        const pool = await createPool(2, { data: 'well', cwd }, new AbortController().signal, { script })
        void pool.judge({ source: { text: 'hangs' } })
      `,
      'worker.ts': `
        import { appendFileSync } from 'node:fs'
        import { endWithParent } from ${JSON.stringify(join(import.meta.dirname, '../../src/hosts/worker/parent-watch.ts'))}
        endWithParent()
        process.on('message', ({ kind, setup }) => {
          if (kind === 'judge') {
            appendFileSync('pids', 'judging\\n')
            for (;;);
          }
          process.chdir(setup.cwd)
          appendFileSync('pids', process.pid + '\\n')
          process.send({ kind: 'ready', backend: 'fake' })
        })
      `,
    })
    await build({
      entryPoints: ['main.ts', 'worker.ts'].map((name) => join(folder, name)),
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'silent',
    })
    write({ pids: '' })
    const main = spawn(process.execPath, [
      ...[join(folder, 'main.mjs'), join(folder, 'worker.mjs'), folder],
    ])
    await until(() => read('pids').includes('judging'))
    const pids = read('pids').split('\n').map(Number).filter(Boolean)
    expect(pids.map(isGone)).toEqual([false, false])
    main.kill('SIGKILL')
    await once(main, 'exit')
    await until(() => pids.every(isGone))
  })
})

describe('an interruption', () => {
  const stopped = AbortSignal.abort()

  it('is the end of the pool, or the reason of the signal, once that is aborted', async () => {
    const { pool, stop } = await createFake(1)
    const ended = pool.judge(request('wait')).catch((error: unknown) => error)
    stop.abort()
    expect(isInterruption(await ended, stop.signal)).toBe(true)
    expect(isInterruption(stopped.reason, stopped)).toBe(true)
  })

  it('is nothing else that goes wrong, even when Ctrl-C came first', () => {
    expect(isInterruption(new Error('the disk is full'), stopped)).toBe(false)
    expect(isInterruption(stopped.reason, new AbortController().signal)).toBe(false)
  })
})

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createPool, type Pool } from '../../src/hosts/cli/evolving/pool.ts'
import type { WorkerLimits } from '../../src/hosts/cli/evolving/worker-process.ts'
import { loadTask } from '../../src/tasks/own/load-task.ts'
import { findProtocol } from '../../src/tasks/protocol.ts'
import { scaledProtocol } from '../../src/tasks/protocol-scale.ts'
import { hasModules } from '../emit/pytorch/python.ts'
import { evolve, FILES, journalOf, keysOf, start } from './evolve-process.ts'
import { isGone } from './processes.ts'
import { createSession, type Session } from './session.ts'

/** A line to fit with drawn batches. Notes each process that loads it. */
const LINE = `
import os
import torch
with open("pids", "a") as pids:
    print(os.getpid(), file=pids)
steps = 30
batch_size = 8
metric = {"name": "error", "better": "smaller"}
def start(run):
    model = torch.nn.Linear(2, 1)
    def batch(step):
        return torch.randn(run.batch_size, 2)
    def loss(x):
        return ((model(x) - x.sum(dim=1, keepdim=True)) ** 2).mean()
    def evaluate(part):
        error = loss(torch.eye(2))
        return {"loss": error, "metric": error.sqrt()}
    return {"parameters": model, "loss": loss, "batch": batch, "evaluate": evaluate}
`

const SEARCH = [
  ...['evolve', '--task', 'mine.py', '--protocol', 'sketch', '--scale', '0.1', '--out', 'run'],
  ...['--initial', '6', '--particles', '2', '--timesteps', '2', '--children', '2'],
  ...['--finalists', '1', '--final-seeds', '2', '--rate-seeds', '2', '--against', 'sgd'],
]

const pidsOf = (session: Session): readonly number[] =>
  session.read('pids').trim().split('\n').map(Number)

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(20)
}

describe.skipIf(!hasModules('torch', 'numpy'))('a search on a task in Python', () => {
  it('has the same journal whatever works on it, and whenever it was killed, and leaves no process', async () => {
    const whole = createSession({ 'mine.py': LINE })
    expect((await evolve(whole, [...SEARCH, '--workers', '2'])).exitCode).toBe(0)
    const journal = journalOf(whole)
    expect(journal).toContain('"backend":"pytorch-cpu"')
    expect(journal).toMatch(/"path":"torch \d/)
    expect(readdirSync(join(whole.folder, 'run/best')).sort()).toEqual(['best-1.opt', 'best-1.py'])
    expect(whole.read('run/best/best-1.py')).toMatch(/^import torch$/m)

    const torn = createSession({ 'mine.py': LINE })
    for (const count of [3, 9]) {
      const resumed = existsSync(join(torn.folder, 'run'))
      const line = resumed ? ['evolve', '--resume', 'run'] : SEARCH
      const { child, ended } = start(torn, [...line, '--workers', '1'])
      const evaluations = (): number =>
        existsSync(join(torn.folder, 'run/evaluations.jsonl')) ? keysOf(torn).length : 0
      await until(() => evaluations() >= count)
      child.kill('SIGKILL')
      await ended
    }
    await until(() => pidsOf(torn).every(isGone))
    const last = await evolve(torn, ['evolve', '--resume', 'run', '--workers', '1'])
    expect(last.exitCode, last.stderr).toBe(0)
    expect(journalOf(torn)).toBe(journal)
    expect(new Set(keysOf(torn)).size).toBe(keysOf(torn).length)
    await until(() => [...pidsOf(torn), ...pidsOf(whole)].every(isGone))

    // Other numbers would come of it.
    torn.write({ 'mine.py': `${LINE}\nx = 1\n` })
    const changed = await evolve(torn, ['evolve', '--resume', 'run'])
    expect(changed.exitCode).toBe(1)
    expect(changed.stderr).toContain('the task mine.py has changed since the run began: mine.py')
  })

  it('goes on where a rule makes the task raise, and keeps rule and traceback', async () => {
    const task = LINE.replace(
      '    def evaluate',
      `    bound = model.bias.abs().item() + 0.5
    def evaluate`,
    ).replace(
      '        error = loss',
      `        if model.bias.abs().item() > bound:
            raise OverflowError("the bias has left")
        error = loss`,
    )
    const session = createSession({ 'mine.py': task })
    const { exitCode, stderr } = await evolve(session, [...SEARCH, '--seed', '2'])
    expect([0, 1], stderr).toContain(exitCode)
    const journal = journalOf(session)
    expect(journal.trimEnd().split('\n').at(-1)).toContain('"kind":"end"')
    expect(journal).toMatch(/mine\.py:\d+: OverflowError: the bias has left \(in the evaluation on/)
    const [, file] =
      /mine\.py:\d+: OverflowError.*rule and traceback: (run\/faults\/\w+\.txt)/.exec(stderr)!
    const text = session.read(file!)
    expect(text).toMatch(/^mine\.py:\d+: OverflowError: the bias has left/)
    expect(text).toMatch(/optimizer Candidate[^]*Traceback[^]*in evaluate\n/)
    expect(readdirSync(join(session.folder, 'run/faults')).length).toBeGreaterThan(0)
  })

  it('does not begin with a task that raises without a rule', async () => {
    const session = createSession({ 'mine.py': LINE.replace('Linear(2, 1)', 'Linear(3, 1)') })
    const { exitCode, stderr } = await evolve(session, SEARCH)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(
      /^error: mine\.py:14: RuntimeError: .* \(in the evaluation on the validation part after 0 steps\)\n {2}Traceback/,
    )
    expect(existsSync(join(session.folder, 'run'))).toBe(false)
  })

  it('refuses a ladder of tasks that TensorFlow.js computes', async () => {
    const session = createSession({ ...FILES, 'mine.py': LINE })
    const line = ['evolve', '--task', 'mine.py', '--protocol', 'shortest.json', '--ladder']
    const { exitCode, stderr } = await evolve(session, line)
    expect(exitCode).toBe(1)
    expect(stderr).toContain('are computed by different libraries')
  })
})

/** A task that does something for ever once its weight is far from where it began. */
const endless = (what: string): string => `
import os
import torch
with open("pids", "a") as pids:
    print(os.getpid(), file=pids)
memory = 1.5
def start(run):
    w = torch.nn.Parameter(torch.ones(1))
    kept = []
    def loss():
        while w.item() < -5:
            ${what}
        return (w ** 2).sum()
    return {"parameters": [w], "loss": loss}
`

describe.skipIf(!hasModules('torch', 'numpy'))(
  'a rule that a task in Python does not end with',
  () => {
    const pooled = async (
      session: Session,
      limits: Partial<WorkerLimits>,
    ): Promise<{ readonly pool: Pool; readonly judge: (rule: string) => Promise<unknown> }> => {
      const protocol = scaledProtocol(findProtocol('sketch')!, 0.1)
      const { files, memory } = await loadTask('mine.py', session.folder)
      const pool = await createPool(
        1,
        {
          ...{ task: 'mine.py', protocol, backend: 'auto', data: undefined, cwd: session.folder },
          taskFiles: files!,
        },
        new AbortController().signal,
        { limits: { pollMilliseconds: 50, mebibytes: memory!, ...limits } },
      )
      onTestFinished(pool.close)
      const judge = (text: string): Promise<unknown> =>
        pool.judge({
          ...{ source: { path: 'rule.opt', text }, flipped: false, seed: 1, learningRate: 1 },
          surrogate: protocol.evolution.name,
        })
      return { pool, judge }
    }

    it.each([
      ['over time', 'pass', { milliseconds: 2000 }, 'it took longer than 2.0 s'],
      [
        'over memory',
        'kept.append(torch.ones(10_000_000))',
        { milliseconds: 60_000 },
        'it needed more than 1536 MiB',
      ],
    ])('fails %s, and its process is gone', async (_, what, limits, failure) => {
      const session = createSession({ 'mine.py': endless(what) })
      const { pool, judge } = await pooled(session, limits)
      expect(await judge('update = 10 * g')).toMatchObject({ failure })
      const [, process] = pidsOf(session)
      await until(() => isGone(process!))
      // The next rule has a process of its own.
      expect(await judge('update = 0.1 * g')).toMatchObject({ steps: expect.any(Number) })
      pool.close()
      await until(() => pidsOf(session).every(isGone))
    })
  },
)

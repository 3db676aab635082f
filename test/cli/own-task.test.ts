import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openEvaluationLog } from '../../src/hosts/cli/evolving/evaluation-log.ts'
import { packageVersion } from '../../src/hosts/cli/package.ts'
import { untilFailure } from '../../src/hosts/cli/evolving/until-failure.ts'
import type { FitnessRequest } from '../../src/evolve/fitness.ts'
import { writeEntry } from '../../src/evolve/journal.ts'
import { loadTask } from '../../src/tasks/own/load-task.ts'
import { moduleOf } from '../tasks/own/own-tasks.ts'
import { createSession } from './session.ts'
import { validConfiguration } from './valid-configuration.ts'

const files = {
  'plain.opt': 'optimizer Plain(lr in (0, inf) = 0.1) {\n  update = lr * g\n}\n',
  'bowl.mjs': moduleOf('return { parameters: [x], loss: () => tf.sum(tf.square(x)) }'),
  'judged.mjs': moduleOf(
    `const left = (part) => tf.mul(part === 'test' ? 2 : 1, tf.sum(x))
     return { parameters: [x], loss: () => tf.sum(tf.square(x)), evaluate: (part) => ({ loss: 0.5, metric: left(part) }) }`,
    `metric: { name: 'distance', better: 'smaller' },`,
  ),
  'late.mjs': moduleOf(`return {
      parameters: [x], evaluate: () => 1, batch: (step) => tf.ones([step === 4 ? 2 : 3]),
      loss: (batch) => tf.sum(tf.mul(batch, x)),
    }`),
}

const line = (task: string): string =>
  `train plain.opt --task ${task} --backend cpu --seeds 2 --lr 0.1`

describe('train --task FILE', () => {
  it('trains on a module, as often as there are seeds', async () => {
    const { exitCode, stdout } = await createSession(files).run(`${line('./bowl.mjs')} --json`)
    expect(exitCode).toBe(0)
    const results = JSON.parse(stdout) as Record<string, unknown>
    expect(results).toMatchObject({ task: 'bowl', steps: 20, batchSize: 64 })
    expect(results).not.toHaveProperty('metric')
    const { rules } = results as { rules: { loss: { mean: number; runs: number } }[] }
    expect(rules[0]!.loss.runs).toBe(2)
    expect(rules[0]!.loss.mean / (14 * 0.8 ** 40)).toBeCloseTo(1, 3)
  })

  it('shows and ranks by the metric of the task', async () => {
    const session = createSession({ ...files, 'slow.opt': 'update = 0.001 * g\n' })
    const shown = await session.run(
      'train slow.opt plain.opt --task judged.mjs --backend cpu --seeds 1 --lr default',
    )
    expect(shown.exitCode).toBe(0)
    expect(shown.stdout).toMatch(/rule +lr +test distance +test loss +validation/)
    expect(shown.stdout).toContain('Validation distance')
    // The smaller one is the better one.
    expect(shown.stdout.indexOf('\nPlain')).toBeGreaterThan(0)
    expect(shown.stdout.indexOf('\nPlain')).toBeLessThan(shown.stdout.indexOf('\nslow'))
    const value = 12 * 0.8 ** 20
    expect(shown.stdout).toContain(`  ${value.toPrecision(3)}  `)
    expect(shown.stderr).toContain(`distance ${value.toPrecision(3)}`)
    const { stdout } = await session.run(`${line('judged.mjs')} --json`)
    expect(JSON.parse(stdout)).toMatchObject({
      metric: { name: 'distance', better: 'smaller', unit: 'number' },
    })
  })

  it('takes no seeds but one for a function', async () => {
    const session = createSession({
      'plain.opt': files['plain.opt'],
      'bowl.mjs': files['bowl.mjs'].replace('steps: 20', 'steps: 20, isFunction: true'),
    })
    const { stdout } = await session.run('train plain.opt --task bowl.mjs --lr 0.1 --seeds 3')
    expect(stdout).toMatch(/rule +lr +loss +steps/)
    expect(stdout).toContain('seed 1, 20 steps, backend cpu')
  })

  it('says what is wrong with a module, where, and with which rule, without a stack', async () => {
    const session = createSession({ ...files, 'broken.mjs': 'export default {\n  start( {},\n}' })
    const broken = await session.run(line('broken.mjs'))
    expect(broken).toMatchObject({ exitCode: 1, stdout: '' })
    expect(broken.stderr).toMatch(/^error: broken\.mjs:\d:\d+: syntax error: .*\n$/)
    const missing = await session.run(line('./nothing.mjs'))
    expect(missing).toMatchObject({ exitCode: 1, stderr: 'error: there is no file nothing.mjs\n' })
    const late = await session.run(line('late.mjs'))
    expect(late.exitCode).toBe(1)
    expect(late.stderr).toMatch(
      /error: late\.mjs:5:\d+: Operands could not .* \(at step 5\), trained with Plain, seed 1\n$/,
    )
    const chosen = await session.run('train plain.opt --task late.mjs --backend cpu')
    expect(chosen.stderr).toMatch(/\(at step 5\), trained with Plain\n$/)
  })
})

describe('a search on a module', () => {
  const request: FitnessRequest = {
    ...{ source: { path: 'a.opt', text: 'update = g\n' }, flipped: false },
    ...{ surrogate: 'short', seed: 1 },
  }

  it('takes no evaluation from what the task was before', async () => {
    const { folder } = createSession()
    const asked: string[] = []
    const judged = async (files: unknown, who: string): Promise<number | undefined> => {
      const log = openEvaluationLog(folder, 'run', untilFailure(), () => files)
      const answer = () => {
        asked.push(who)
        return Promise.resolve({ surrogate: 'short', seed: 1, steps: 3, score: asked.length })
      }
      return (await log.judge(request, answer, () => 0)).fitness.score
    }
    const version = (digest: string) => [{ path: 'mine.mjs', digest }]
    expect(await judged(version('a'), 'first')).toBe(1)
    expect(await judged(version('a'), 'again')).toBe(1)
    expect(await judged(version('b'), 'changed')).toBe(2)
    expect(await judged(undefined, 'no module')).toBe(3)
    expect(await judged(version('a'), 'back')).toBe(1)
    expect(asked).toEqual(['first', 'changed', 'no module'])
  })

  it('is not gone on with when the module has changed', async () => {
    const module = { ...files, 'part.mjs': 'export const a = 1\n' }
    const session = createSession({
      ...module,
      'mine.mjs': `import './part.mjs'\n${files['bowl.mjs']}`,
    })
    const { files: taskFiles } = await loadTask('mine.mjs', session.folder)
    const configuration = { ...validConfiguration, task: 'mine.mjs', taskFiles: [...taskFiles!] }
    const journal = writeEntry({ kind: 'run', version: packageVersion(), configuration })
    session.write({ 'run/journal.jsonl': journal, 'part.mjs': 'export const a = 2\n' })
    // In another folder: this process has loaded the one before.
    const other = createSession({
      ...{ 'run/journal.jsonl': journal, 'mine.mjs': session.read('mine.mjs') },
      'part.mjs': 'export const a = 2\n',
    })
    const refused = await other.run('evolve --resume run')
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' })
    expect(refused.stderr).toContain(
      'error: the task mine.mjs has changed since the run began: part.mjs\n',
    )
    expect(readFileSync(join(other.folder, 'run', 'journal.jsonl'), 'utf8')).toBe(journal)
    const moved = await other.run('evolve --resume run --task ./bowl.mjs')
    expect(moved.stderr).toContain('error: there is no file bowl.mjs\n')
    other.write({ 'bowl.mjs': files['bowl.mjs'] })
    const another = await other.run('evolve --resume run --task ./bowl.mjs')
    expect(another).toMatchObject({ exitCode: 2 })
    expect(another.stderr).toContain('the run was begun with another --task')
  })
})

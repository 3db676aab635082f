import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FLOWERS } from '../tasks/own/data-files.ts'
import { moduleOf } from '../tasks/own/own-tasks.ts'
import { createSession, type Result, type Session } from './session.ts'

const LINE =
  'evolve --backend cpu --protocol sketch --particles 2 --timesteps 1 --children 2 --initial 4 --finalists 1 --final-seeds 2 --rate-seeds 2 --against adam'

const example = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../examples/tasks', name), 'utf8')

const search = (session: Session, task: string, workers: number): Promise<Result> =>
  session.run(`${LINE} --task ./${task} --workers ${workers} --out run-${workers}`)

describe('evolve --task FILE', () => {
  it('writes one journal, whatever the number of workers, and goes on with it', async () => {
    const task = 'damped-oscillation.mjs'
    const session = createSession({ [task]: example(task) })
    for (const workers of [1, 2]) {
      const { exitCode, stderr } = await search(session, task, workers)
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 })
    }
    const journal = session.read('run-1/journal.jsonl')
    expect(session.read('run-2/journal.jsonl')).toBe(journal)
    expect(journal).toContain(
      '"metric":{"name":"largest error","better":"smaller","unit":"number"}',
    )
    // Scores are negatives of what is smaller for the better.
    const scores = [...journal.matchAll(/"score":(-?[\d.e-]+)/g)].map(([, score]) => Number(score))
    expect(scores.length).toBeGreaterThan(8)
    expect(Math.max(...scores)).toBeLessThan(0)
    expect(session.read('run-1/report.html')).toContain('minus the test largest error')
    const again = await session.run('evolve --resume run-2')
    expect(again.exitCode).toBe(0)
    expect(session.read('run-2/journal.jsonl')).toBe(journal)
    expect(again.stderr).not.toMatch(/[1-9]\d* a minute/)
  })

  it('takes a task of JSON, and refuses to go on where its data has changed', async () => {
    const task = {
      data: { kind: 'csv', file: 'flowers.csv', target: 'species' },
      ...{ network: { network: 'perceptron', hidden: [4] }, objective: 'classification' },
      ...{ batchSize: 8, steps: 40 },
    }
    const session = createSession({ 'mine.json': JSON.stringify(task), 'flowers.csv': FLOWERS })
    for (const workers of [1, 2])
      expect(await search(session, 'mine.json', workers)).toMatchObject({ exitCode: 0 })
    const journal = session.read('run-1/journal.jsonl')
    expect(session.read('run-2/journal.jsonl')).toBe(journal)
    expect(await session.run('evolve --resume run-2')).toMatchObject({ exitCode: 0 })
    session.write({ 'flowers.csv': FLOWERS.replace('white', 'black') })
    const changed = await session.run('evolve --resume run-2')
    expect(changed.exitCode).toBe(1)
    expect(changed.stderr).toContain(
      'the task ./mine.json has changed since the run began: flowers.csv',
    )
    expect(session.read('run-2/journal.jsonl')).toBe(journal)
  })

  it('ends before it begins where the task is wrong, and calls rules failures where it throws later', async () => {
    const session = createSession({
      'never.mjs': moduleOf(`throw new Error('no data here')`),
      'late.mjs': moduleOf(`return {
      parameters: [x], evaluate: () => 1,
      loss: (_, step) => { if (step === 6) throw new Error('seven'); return tf.sum(tf.square(x)) },
    }`),
    })
    const never = await search(session, 'never.mjs', 1)
    expect(never.exitCode).toBe(1)
    expect(never.stderr).toMatch(/error: never\.mjs:3:7: no data here \(in `start`\)\n$/)
    const late = await search(session, 'late.mjs', 2)
    expect(late.exitCode).toBe(1)
    expect(late.stderr).toMatch(/failed for this: late\.mjs:5:\d+: seven \(at step 7\)/)
  })
})

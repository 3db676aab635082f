import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { selectBackend } from '../../src/runtime/backends.ts'
import { loadTask } from '../../src/tasks/own/load-task.ts'
import { train } from '../../src/tasks/train.ts'
import { load } from '../tasks/own/own-tasks.ts'
import { opened } from '../tasks/opened.ts'

const folder = join(import.meta.dirname, '../../examples/tasks')

/** What a good run comes to, with Adam at a rate that is good there. */
const GOALS: Readonly<Record<string, { readonly rate: number; readonly score: number }>> = {
  'damped-oscillation.mjs': { rate: 0.01, score: -0.1 },
  'layers-model.mjs': { rate: 0.1, score: 0.95 },
  'valley.mjs': { rate: 0.2, score: -0.01 },
}

beforeAll(async () => {
  expect(await selectBackend('auto')).toMatchObject({ ok: true })
})

describe('examples/tasks', () => {
  it('are these', () => {
    expect(readdirSync(folder).sort()).toEqual(Object.keys(GOALS))
  })

  it.each(Object.entries(GOALS))('%s learns, and leaves no tensor', async (name, goal) => {
    const task = await opened(await loadTask(name, folder))
    await task.rehearse!()
    const before = tf.memory().numTensors
    const result = await train({ task, optimizer: () => tf.train.adam(goal.rate), seed: 3 })
    expect(result.bestScore).toBeGreaterThan(goal.score)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('has company in the README', async () => {
    const readme = readFileSync(join(folder, '../../README.md'), 'utf8')
    const [, text = ''] = /```js\n(\/\/ line\.mjs\n.*?)```/s.exec(readme) ?? []
    const task = await opened(await load({ 'line.mjs': text }, 'line.mjs'))
    await task.rehearse!()
    const result = await train({ task, optimizer: () => tf.train.adam(0.1), seed: 3 })
    expect(result.testMetric).toBeLessThan(0.01)
  })

  it('are short', () => {
    for (const name of Object.keys(GOALS))
      expect(readFileSync(join(folder, name), 'utf8').split('\n').length).toBeLessThan(36)
  })
})

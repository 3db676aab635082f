import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { selectBackend } from '../../src/runtime/backends.ts'
import { loadTask } from '../../src/tasks/own/load-task.ts'
import { train } from '../../src/tasks/train.ts'
import { filesOf, pageAt, type Block } from '../docs/pages.ts'
import { FLOWERS } from '../tasks/own/data-files.ts'
import { load } from '../tasks/own/own-tasks.ts'
import { opened } from '../tasks/opened.ts'

const folder = join(import.meta.dirname, '../../examples/tasks')

/** What a good run comes to, with Adam at a rate that is good there. */
const GOALS: Readonly<Record<string, { readonly rate: number; readonly score: number }>> = {
  'clothes.json': { rate: 0.01, score: 0.75 },
  'damped-oscillation.mjs': { rate: 0.01, score: -0.1 },
  'layers-model.mjs': { rate: 0.1, score: 0.95 },
  'valley.mjs': { rate: 0.2, score: -0.01 },
}

beforeAll(async () => {
  expect(await selectBackend('auto')).toMatchObject({ ok: true })
})

describe('examples/tasks', () => {
  it('are these', () => {
    const inPython = ['spirals.py']
    expect(readdirSync(folder).sort()).toEqual([...Object.keys(GOALS), ...inPython].sort())
  })

  it.each(Object.entries(GOALS))('%s learns, and leaves no tensor', async (name, goal) => {
    const task = await opened(await loadTask(name, folder))
    await task.rehearse?.()
    const before = tf.memory().numTensors
    const result = await train({ task, optimizer: () => tf.train.adam(goal.rate), seed: 3 })
    expect(result.bestScore).toBeGreaterThan(goal.score)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('have company in the documentation', async () => {
    const task = await opened(await load(filesOf(pageAt('docs/tasks.md')), 'line.mjs'))
    await task.rehearse!()
    const result = await train({ task, optimizer: () => tf.train.adam(0.1), seed: 3 })
    expect(result.testMetric).toBeLessThan(0.01)
  })

  it('have company of JSON there', async () => {
    const [{ text }, ...others] = pageAt('docs/tasks.md').blocks.filter(
      ({ language }) => language === 'json',
    ) as [Block, ...Block[]]
    expect(others).toEqual([])
    const task = await load({ 'mine.json': text, 'flowers.csv': FLOWERS }, 'mine.json')
    const result = await train({
      ...{ task: await opened(task), optimizer: () => tf.train.adam(0.02), seed: 3, steps: 60 },
    })
    expect(result.testMetric).toBe(1)
  })

  it('are short', () => {
    for (const name of readdirSync(folder))
      expect(readFileSync(join(folder, name), 'utf8').split('\n').length).toBeLessThan(
        name.endsWith('.py') ? 56 : 36,
      )
  })
})

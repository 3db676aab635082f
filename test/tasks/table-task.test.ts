import * as tf from '@tensorflow/tfjs-core'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { selectBackend } from '../../src/runtime/backends.ts'
import { autoencoderExamples } from '../../src/tasks/autoencoder-task.ts'
import { findImageData, loadImageData } from '../../src/tasks/image-data.ts'
import { openTask } from '../../src/tasks/open-task.ts'
import { findTableData, loadTable } from '../../src/tasks/table-data.ts'
import { findTask } from '../../src/tasks/task.ts'
import { train } from '../../src/tasks/train.ts'
import { folderOf, problemOf, valueOf } from './formats/files.ts'
import { opened } from './opened.ts'

beforeAll(async () => {
  await selectBackend('wasm')
})

const penguins = findTableData('penguins')!

describe('tasks on tables', () => {
  it('have the columns that the table has, empty cells among them', () => {
    const { columns, rows } = valueOf(loadTable(penguins))
    expect(rows).toBe(344)
    expect(columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['species', 'categories'],
      ['island', 'categories'],
      ['bill_length_mm', 'numbers'],
      ['bill_depth_mm', 'numbers'],
      ['flipper_length_mm', 'numbers'],
      ['body_mass_g', 'numbers'],
      ['sex', 'categories'],
      ['year', 'numbers'],
    ])
    const missing = columns.map(
      ({ kind, values }) =>
        [...values].filter((value) => (kind === 'numbers' ? Number.isNaN(value) : value < 0))
          .length,
    )
    expect(missing).toEqual([0, 0, 2, 2, 2, 2, 11, 0])
  })

  it.each([
    ['penguins-mass', { name: 'rmse', better: 'smaller', unit: 'number' }, 0.9],
    ['penguins-sex', { name: 'accuracy', better: 'larger', unit: 'share' }, 0.8],
  ] as const)('%s learns what its metric says', async (name, metric, bound) => {
    const task = await opened(name)
    expect(task.task.metric).toEqual(metric)
    const { curve, testMetric, testLoss } = await train({
      task,
      seed: 1,
      steps: 200,
      evaluateEvery: 50,
      optimizer: () => tf.train.adam(0.01),
    })
    const [first, last] = [curve[0]!, curve.at(-1)!]
    expect(last.trainLoss).toBeLessThan(first.trainLoss)
    if (metric.better === 'larger') expect(testMetric).toBeGreaterThan(bound)
    else {
      expect(testMetric).toBeLessThan(bound)
      // The root of the loss, which is in scaled grams.
      expect(testMetric! ** 2).toBeCloseTo(testLoss!, 5)
    }
  })

  it('are read from a folder that is given, where the rows are counted', async () => {
    const text = readFileSync(join(penguins.directory, penguins.file), 'utf8')
    const task = findTask('penguins-mass')!
    const whole = await openTask(task, { directory: folderOf({ 'penguins.csv': text }) })
    expect(whole.ok).toBe(true)
    const short = text.split('\n').slice(0, 100).join('\n')
    const directory = folderOf({ 'penguins.csv': short })
    expect(problemOf(await openTask(task, { directory }))).toMatchObject({
      path: join(directory, 'penguins.csv'),
      problem: 'holds 99 rows',
      expected: 'the 344 rows of penguins',
    })
    expect(problemOf(await openTask(task, { directory: folderOf() })).problem).toBe(
      'does not exist',
    )
  })
})

describe('an autoencoder', () => {
  it('is to tell what it is given', async () => {
    const images = valueOf(await loadImageData(findImageData('fashion14')!))
    const sets = autoencoderExamples(images)
    expect([sets.input, sets.outputs]).toEqual([[14, 14, 1], 196])
    for (const part of ['train', 'validation', 'test'] as const) {
      const inputs = sets[part].inputs([3, 0, 5])
      expect(inputs.dataSync()).toEqual(sets[part].answers([3, 0, 5]))
      inputs.dispose()
    }
  })

  it('learns to', async () => {
    const { curve, testMetric } = await train({
      task: await opened('fashion14-autoencoder'),
      seed: 1,
      steps: 60,
      batchSize: 32,
      evaluateEvery: 30,
      optimizer: () => tf.train.adam(0.003),
    })
    // The mean of all images has 1, since pixels are scaled.
    expect(curve.at(-1)!.validationLoss).toBeLessThan(0.6)
    expect(testMetric).toBeLessThan(0.78)
  })
})

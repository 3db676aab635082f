import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { selectBackend } from '../../../src/runtime/backends.ts'
import { isTaskFile, loadTask } from '../../../src/tasks/own/load-task.ts'
import { ownTask } from '../../../src/tasks/own/own-task.ts'
import { train } from '../../../src/tasks/train.ts'
import { folderOf, load, moduleOf, SQUARES, trained } from './own-tasks.ts'
import { opened } from '../opened.ts'

beforeAll(async () => {
  expect(await selectBackend('cpu')).toMatchObject({ ok: true })
})

describe('a module as a task', () => {
  it('is told from the names of tasks', () => {
    expect(
      ['./a.mjs', 'a.js', 'b/a.ts', 'C:\\a', 'a.cjs', 'a.mts'].filter(isTaskFile),
    ).toHaveLength(6)
    expect(['quadratic', 'fashion14-cnn', 'a.json5'].filter(isTaskFile)).toEqual([])
  })

  it('says its name, sizes and metric, and has values where it says nothing', async () => {
    const bare = await load({ 'mine.mjs': `export default { start() {} }` })
    expect(bare).toMatchObject({ name: 'mine', isFunction: false, examples: 'examples' })
    expect(bare.defaults).toEqual({ steps: 500, batchSize: 64, evaluateEvery: 50 })
    expect(bare.metric).toBeUndefined()
    const metric = `metric: { name: 'error', better: 'smaller' },`
    const full = await load({
      'mine.mjs': moduleOf(SQUARES, `name: 'bowl', batchSize: 8, isFunction: true, ${metric}`),
    })
    expect(full).toMatchObject({ name: 'bowl', isFunction: true })
    expect(full.defaults).toEqual({ steps: 20, batchSize: 8, evaluateEvery: 2 })
    expect(full.metric).toEqual({ name: 'error', better: 'smaller', unit: 'number' })
    expect(full.examples).toBeUndefined()
  })

  it('trains on the gradients of tfjs, and leaves no tensor', async () => {
    const task = await load({ 'mine.mjs': moduleOf(SQUARES) })
    await (
      await opened(task)
    ).rehearse!()
    const before = tf.memory().numTensors
    const result = await trained(task)
    // Each step multiplies by 1 - 2 lr.
    expect(result.finalLoss! / (14 * 0.8 ** 40)).toBeCloseTo(1, 4)
    expect(result).toMatchObject({ testLoss: result.finalLoss, finalScore: -result.finalLoss! })
    expect(tf.memory().numTensors).toBe(before)
  })

  it('trains on gradients of its own', async () => {
    const result = await trained(
      await load({
        'mine.mjs': moduleOf(
          'return { parameters: [x], loss: () => tf.sum(tf.square(x)), gradients: () => [tf.mul(4, x)] }',
        ),
      }),
    )
    expect(result.finalLoss! / (14 * 0.6 ** 40)).toBeCloseTo(1, 4)
  })

  it('gives batches, the seed and the width to its functions, and disposes of batches', async () => {
    const task = await load({
      'mine.mjs': moduleOf(`
    const seen = { batches: [], seed, width }
    globalThis.seenByTask = seen
    return {
      parameters: [x],
      batch: async (step) => { seen.batches.push(step); return { row: tf.fill([batchSize], random.normal()) } },
      loss: ({ row }, step) => tf.add(tf.sum(tf.square(x)), tf.mul(0, tf.add(tf.mean(row), step))),
      evaluate: (part) => (part === 'test' ? 2 : tf.sum(x)),
    }`),
    })
    const before = tf.memory().numTensors
    const run = async (seed: number, width: number) =>
      train({
        task: (await opened(task)).widened({ base: 32 * width }),
        optimizer: () => tf.train.sgd(0.1),
        ...{ seed, steps: 3, evaluateEvery: 3 },
      })
    const result = await run(1, 2)
    const seen = () => (globalThis as unknown as { seenByTask: Seen }).seenByTask
    expect(seen()).toMatchObject({ batches: [0, 1, 2], width: 2 })
    expect(result.testLoss).toBe(2)
    expect(result.finalLoss).toBeCloseTo(6 * 0.8 ** 3, 5)
    const { seed } = seen()
    await run(1, 1)
    expect(seen()).toMatchObject({ seed, width: 1 })
    await run(2, 1)
    expect(seen().seed).not.toBe(seed)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('is judged by its metric, in the direction that it says', async () => {
    const fields = (better: string): string => `metric: { name: 'size', better: '${better}' },`
    const run = `return { parameters: [x], loss: () => tf.sum(tf.square(x)), evaluate: () => ({ loss: 1, metric: tf.sum(x) }) }`
    const [smaller, larger] = await Promise.all(
      ['smaller', 'larger'].map((better) => load({ 'mine.mjs': moduleOf(run, fields(better)) })),
    )
    const down = await trained(smaller!)
    const up = await trained(larger!)
    expect(down.curve.map(({ validationMetric }) => validationMetric)).toEqual(
      up.curve.map(({ validationMetric }) => validationMetric),
    )
    expect(down.bestMetric).toBe(down.finalMetric)
    expect(down.bestScore).toBe(-down.finalMetric!)
    expect(up.bestMetric).toBe(up.curve[0]!.validationMetric)
    expect(up.bestScore).toBe(up.bestMetric)
    expect(up.testMetric).toBe(up.finalMetric)
    expect(down.curve[0]!.trainMetric).toBeUndefined()
  })

  it('may be an object of a program', async () => {
    const task = ownTask({
      start: ({ tf: given }) => {
        const w = given.variable(given.scalar(3), true, 'w')
        return { parameters: [w], loss: () => given.square(w) }
      },
    })
    expect(task.name).toBe('own')
    expect((await trained(task)).finalLoss! / (9 * 0.8 ** 40)).toBeCloseTo(1, 4)
  })

  it('is known by the digests of its files, those that it imports and reads among them', async () => {
    const files = {
      'a/mine.mjs': `import { start } from './parts/start.mjs'\nexport default { start, files: ['data.csv'] }\n`,
      'a/parts/start.mjs': `export { start } from '../../b.mjs'\nimport 'node:fs'\n`,
      'b.mjs': 'export function start() {}\n',
      'a/data.csv': '1,2\n',
      'a/other.mjs': '',
    }
    const digests = async (changes: Partial<typeof files> = {}) =>
      Object.fromEntries(
        (await load({ ...files, ...changes }, 'a/mine.mjs')).files!.map(({ path, digest }) => [
          path,
          digest,
        ]),
      )
    const before = await digests()
    expect(Object.keys(before).sort()).toEqual([
      ...['../b.mjs', 'data.csv', 'mine.mjs', 'parts/start.mjs'],
    ])
    expect(before['data.csv']).toMatch(/^[0-9a-f]{64}$/)
    expect(await digests({ 'a/other.mjs': '// not its own' })).toEqual(before)
    expect(await digests({ 'a/data.csv': '1,3\n' })).toEqual({
      ...before,
      'data.csv': expect.not.stringMatching(before['data.csv']!) as string,
    })
    expect((await digests({ 'b.mjs': 'export const start = () => {}\n' }))['../b.mjs']).not.toBe(
      before['../b.mjs'],
    )
  })

  it('is not answered for by what this process has loaded before it changed', async () => {
    const folder = folderOf({ 'mine.mjs': moduleOf(SQUARES) })
    const first = await loadTask('mine.mjs', folder)
    expect((await loadTask('./mine.mjs', folder)).files).toEqual(first.files)
    appendFileSync(join(folder, 'mine.mjs'), '// more\n')
    await expect(loadTask('mine.mjs', folder)).rejects.toThrow(
      'mine.mjs has changed since this process loaded it',
    )
    writeFileSync(join(folder, 'mine.mjs'), moduleOf(SQUARES))
    expect((await loadTask('mine.mjs', folder)).files).toEqual(first.files)
  })
})

interface Seen {
  readonly batches: readonly number[]
  readonly seed: number
  readonly width: number
}

import * as tf from '@tensorflow/tfjs-core'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { rootKey } from '../../../src/operators/random.ts'
import { selectBackend } from '../../../src/runtime/backends.ts'
import { isTaskFile, loadTask } from '../../../src/tasks/own/load-task.ts'
import { openTask } from '../../../src/tasks/open-task.ts'
import { train, type TrainResult } from '../../../src/tasks/train.ts'
import { fixture, folderOf } from '../formats/files.ts'
import { opened } from '../opened.ts'
import {
  FLOWERS,
  idxOf,
  jsonFolder,
  npyOf,
  safetensorsOf,
  SMALL,
  stripes,
  turns,
} from './data-files.ts'

beforeAll(async () => {
  expect(await selectBackend('cpu')).toMatchObject({ ok: true })
})

const base = { network: SMALL, objective: 'classification', batchSize: 8, steps: 60 }

const trained = async (folder: string, rate = 0.02): Promise<TrainResult> =>
  train({
    task: await opened(await loadTask('mine.json', folder)),
    optimizer: () => tf.train.adam(rate),
    seed: 1,
  })

const csv = { kind: 'csv', file: 'flowers.csv', target: 'species' }
const images = stripes(40, [4, 4])
const HALVES = Buffer.concat(
  turns(40).map((label) => Buffer.from([label, ...Array<number>(12).fill(label * 200 + 7)])),
)

/** For each kind of data a task with 0s and 1s that are easily told apart, and its files. */
const KINDS: Readonly<
  Record<string, readonly [object, Readonly<Record<string, string | Uint8Array>>]>
> = {
  csv: [csv, { 'flowers.csv': FLOWERS }],
  npy: [
    { kind: 'npy', inputs: 'x.npy', targets: 'parts/y.npy' },
    {
      'x.npy': npyOf('float32', [40, 3], stripes(40, [3])),
      'parts/y.npy': npyOf('int32', [40, 1], turns(40)),
    },
  ],
  npz: [
    {
      kind: 'npz',
      file: 'd.npz',
      inputs: { train: 'train_images', validation: 'val_images', test: 'test_images' },
      targets: { train: 'train_labels', validation: 'val_labels', test: 'test_labels' },
    },
    { 'd.npz': fixture('medmnist.npz') },
  ],
  safetensors: [
    {
      kind: 'safetensors',
      file: { train: 'a.safetensors', test: 'b.safetensors' },
      inputs: 'x',
      targets: 'y',
    },
    {
      'a.safetensors': safetensorsOf({
        x: ['float32', [40, 2, 3], stripes(40, [2, 3])],
        y: ['uint8', [40], turns(40)],
      }),
      'b.safetensors': safetensorsOf({
        x: ['float32', [8, 2, 3], stripes(8, [2, 3])],
        y: ['uint8', [8], turns(8)],
      }),
    },
  ],
  idx: [
    { kind: 'idx', inputs: 'images-idx3-ubyte', targets: 'labels-idx1-ubyte' },
    { 'images-idx3-ubyte': idxOf([40, 4, 4], images), 'labels-idx1-ubyte': idxOf([40], turns(40)) },
  ],
  cifar: [
    { kind: 'cifar', files: ['a.bin', 'b.bin'], classes: 2, size: [2, 2, 3] },
    { 'a.bin': HALVES, 'b.bin': HALVES },
  ],
}

describe('a file of JSON as a task', () => {
  it('is told from the names of tasks', () => {
    expect(['mine.json', './mine.json', 'a/b.json'].filter(isTaskFile)).toHaveLength(3)
  })

  it.each(Object.entries(KINDS))(
    'learns from data of the kind %s, and leaves no tensor',
    async (kind, [data, files]) => {
      const before = tf.memory().numTensors
      const result = await trained(jsonFolder({ ...base, data }, files))
      // The fixture's pictures are noise.
      if (kind === 'npz') expect(result.curve.at(-1)!.trainLoss).toBeLessThan(0.8)
      else expect(result.testMetric).toBeGreaterThan(0.95)
      expect(tf.memory().numTensors).toBe(before)
    },
  )

  it('learns from a folder of images by class, decoded when it is opened', async () => {
    const files: Record<string, Buffer> = {}
    for (const [colour, name] of [
      ['red', 'apple'],
      ['lime', 'pear'],
    ] as const)
      for (let index = 0; index < 20; index++)
        files[`fruit/${name}/${index}.png`] = await sharp({
          create: { width: 5 + (index % 3), height: 6, channels: 3, background: colour },
        })
          .png()
          .toBuffer()
    const data = { kind: 'images', folder: 'fruit', size: [4, 4, 3] }
    const task = { ...base, data, augmentation: { pad: 1, flip: true, cutout: 1 } }
    const folder = jsonFolder(task, files)
    const seen: number[] = []
    const own = await loadTask('mine.json', folder)
    expect(own).toMatchObject({ examples: 'images', chance: 0.5 })
    const cache = folderOf()
    const result = await openTask(own, { cache, onProgress: (done) => seen.push(done) })
    expect(result.ok).toBe(true)
    expect(seen.at(-1)).toBe(40)
    expect((await trained(folder)).testMetric).toBe(1)
  })

  it('learns from a data set that there is', async () => {
    const data = { kind: 'set', name: 'fashion14' }
    const task = { ...base, batchSize: 32, data, split: { validation: 0.02 } }
    const folder = jsonFolder(task)
    const own = await loadTask('mine.json', folder)
    expect(own.files!.map(({ path }) => path)).toEqual([
      'mine.json',
      ...['train-images', 'train-labels', 't10k-images', 't10k-labels'].map(
        (name) => `fashion14/${name}-idx${name.endsWith('images') ? 3 : 1}-ubyte`,
      ),
    ])
    expect((await trained(folder)).testMetric).toBeGreaterThan(0.4)
    const network = { network: 'search', base: 4 }
    const { work } = await loadTask('mine.json', jsonFolder({ ...task, network }))
    expect(work!({ base: 4 })).toBe(work!())
    expect(work!({ base: 8 })).toBeGreaterThan(work!())
  })

  it('says its name, sizes and metric, and has values where it says nothing', async () => {
    const files = { 'flowers.csv': FLOWERS }
    const bare = await loadTask(
      'mine.json',
      jsonFolder({ data: csv, network: SMALL, objective: 'classification' }, files),
    )
    expect(bare).toMatchObject({ name: 'mine', examples: 'rows', chance: 0.5, isFunction: false })
    expect(bare.defaults).toEqual({ steps: 500, batchSize: 64, evaluateEvery: 50 })
    expect(bare.metric).toMatchObject({ name: 'accuracy' })
    const said = { ...base, name: 'iris', summary: 'told by length', metric: 'loss' }
    const full = await loadTask('mine.json', jsonFolder({ ...said, data: csv }, files))
    expect(full).toMatchObject({ name: 'iris', summary: 'told by length' })
    expect(full.defaults).toEqual({ steps: 60, batchSize: 8, evaluateEvery: 6 })
    expect(full.metric).toBeUndefined()
    expect(full.chance).toBeUndefined()
  })

  it('tells numbers, with errors in their own units', async () => {
    const rows = Array.from({ length: 100 }, (_, row) => `${row % 10},${3000 + 500 * (row % 10)}`)
    const files = { 'flowers.csv': `size,price\n${rows.join('\n')}\n` }
    const task = { ...base, objective: 'regression', network: [{ kind: 'dense', units: 1 }] }
    const data = { ...csv, target: 'price' }
    const plain = await trained(jsonFolder({ ...task, data, steps: 1 }, files), 0)
    const deviation = plain.testMetric! / Math.sqrt(plain.testLoss!)
    // The deviation of 0, 500, ... 4500.
    expect(Math.abs(deviation - 1436)).toBeLessThan(60)
    const mean = await trained(jsonFolder({ ...task, data, steps: 1, metric: 'mae' }, files), 0)
    expect(mean.testMetric).toBeLessThan(plain.testMetric!)
    expect(mean.testMetric).toBeGreaterThan(plain.testMetric! / 2)
    expect((await trained(jsonFolder({ ...task, data }, files), 0.1)).testMetric).toBeLessThan(100)
  })

  it('changes training images as it says, or as a protocol says', async () => {
    const [data, files] = KINDS['idx']!
    const augmentation = { pad: 2, flip: true, cutout: 0 }
    const first = async (task: object, more: object = {}): Promise<number> => {
      const own = await opened(await loadTask('mine.json', jsonFolder(task, files)))
      const problem = await own.start({ batchSize: 8, key: rootKey(1), ...more })
      const { loss, gradients } = await problem.step(0)
      const [value] = await loss.data()
      tf.dispose([loss, gradients])
      problem.dispose()
      return value!
    }
    const plain = await first({ ...base, data })
    const changed = await first({ ...base, data, augmentation })
    expect(changed).not.toBe(plain)
    expect(await first({ ...base, data }, { augmentation })).toBe(changed)
  })

  it('draws parts by its seed, or takes those that it names', async () => {
    const rows = FLOWERS.trim().split('\n')
    const part = (from: number, to: number): string =>
      `${[rows[0], ...rows.slice(from, to)].join('\n')}\n`
    const files = { 'a.csv': part(1, 61), 'b.csv': part(61, 71), 'c.csv': part(71, 81) }
    const file = { train: 'a.csv', validation: 'b.csv', test: 'c.csv' }
    const scores = async (task: object, all: object = { ...files, 'flowers.csv': FLOWERS }) => {
      const result = await trained(jsonFolder(task, all as typeof files), 0.001)
      return [result.finalLoss, result.testLoss]
    }
    const named = await scores({ ...base, data: { ...csv, file } })
    expect(await scores({ ...base, data: { ...csv, file } })).toEqual(named)
    const swapped = { ...file, validation: 'c.csv', test: 'b.csv' }
    expect(await scores({ ...base, data: { ...csv, file: swapped } })).toEqual([...named].reverse())
    const drawn = await scores({ ...base, data: csv })
    expect(await scores({ ...base, data: csv, split: { seed: 1 } })).toEqual(drawn)
    expect(await scores({ ...base, data: csv, split: { seed: 2 } })).not.toEqual(drawn)
  })

  it('is known by the digests of itself and its data, wherever that lies', async () => {
    const [data, files] = KINDS['npy']!
    const folder = jsonFolder({ ...base, data }, files)
    const before = (await loadTask('mine.json', folder)).files!
    expect(before.map(({ path }) => path)).toEqual(['mine.json', 'x.npy', 'parts/y.npy'])
    const moved = jsonFolder({ ...base, data })
    const elsewhere = folderOf(files)
    expect((await loadTask('mine.json', moved, elsewhere)).files).toEqual(before)
    const other = { ...files, 'x.npy': npyOf('float32', [40, 3], stripes(40, [3]).reverse()) }
    const after = (await loadTask('mine.json', jsonFolder({ ...base, data }, other))).files!
    expect(after.map((file, index) => file.digest === before[index]!.digest)).toEqual([
      ...[true, false, true],
    ])
  })
})

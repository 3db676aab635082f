import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { selectBackend } from '../../src/runtime/backends.ts'
import * as tf from '@tensorflow/tfjs-core'
import { CIFAR_FILES } from '../../src/tasks/cifar-files.ts'
import { findDataSource, loadData } from '../../src/tasks/data-set.ts'
import { splitImages } from '../../src/tasks/image-splits.ts'
import { openedWith, type ImageTask } from '../../src/tasks/image-problem.ts'
import { searchNetwork } from '../../src/tasks/networks/networks.ts'
import { findTask } from '../../src/tasks/task.ts'
import { train } from '../../src/tasks/train.ts'
import { folderOf } from './formats/files.ts'

const source = findDataSource('cifar10')!
const small = { ...source, height: 2, width: 3 }

/** A record whose reds are 10, 11 ..., its greens 20, 21 ..., its blues 30, 31 ... */
const record = (label: number): number[] => [
  label,
  ...[10, 20, 30].flatMap((first) => [0, 1, 2, 3, 4, 5].map((pixel) => first + pixel)),
]

/** A folder with two images in each training file and one in the test file, some files replaced or missing. */
function dataFolder(changes: Readonly<Record<string, Buffer | null>> = {}): string {
  const place = folderOf()
  for (const [index, name] of CIFAR_FILES.train.entries())
    writeFileSync(join(place, name), Buffer.from([...record(index), ...record(9 - index)]))
  writeFileSync(join(place, `${CIFAR_FILES.test[0]}.gz`), gzipSync(Buffer.from(record(7))))
  for (const [name, bytes] of Object.entries(changes)) {
    if (bytes === null) rmSync(join(place, name))
    else writeFileSync(join(place, name), bytes)
  }
  return place
}

describe('CIFAR-10', () => {
  it('is read from its files in their order, the channels of a pixel side by side', () => {
    const data = loadData(small, dataFolder())
    if (!data.ok) throw new Error(data.problem.problem)
    const { train: training, test } = data.value
    expect([...training.labels]).toEqual([0, 9, 1, 8, 2, 7, 3, 6, 4, 5])
    expect([training.count, training.height, training.width, training.channels]).toEqual([
      10, 2, 3, 3,
    ])
    expect([...test.labels]).toEqual([7])
    expect([...test.pixels]).toEqual([0, 1, 2, 3, 4, 5].flatMap((p) => [10 + p, 20 + p, 30 + p]))
    expect(training.pixels.slice(18 * 9)).toEqual(test.pixels)
  })

  it.each<[string, Parameters<typeof dataFolder>[0], RegExp, RegExp]>([
    [
      'is not there',
      { 'data_batch_1.bin': null },
      /optc-formats-\w+$/,
      /holds no data_batch_1\.bin/,
    ],
    ['misses a file', { 'data_batch_4.bin': null }, /data_batch_4\.bin\.gz$/, /does not exist/],
    ['is empty', { 'data_batch_2.bin': Buffer.alloc(0) }, /data_batch_2\.bin$/, /holds no images/],
    [
      'is cut short',
      { 'data_batch_3.bin': Buffer.from(record(1)).subarray(1) },
      /data_batch_3\.bin$/,
      /has 18 bytes, no whole number of records/,
    ],
    [
      'has a label too many',
      { 'test_batch.bin': Buffer.from([...record(1), ...record(10)]) },
      /test_batch\.bin$/,
      /has label 10 at position 1, byte 19/,
    ],
  ])('that %s is a problem that names the file', (_, changes, path, problem) => {
    const data = loadData(small, dataFolder(changes))
    if (data.ok) throw new Error('it was read')
    expect(data.problem.path).toMatch(path)
    expect(data.problem.problem).toMatch(problem)
    expect(data.problem.remedy).toBe(source.remedy)
  })

  it('of 100 classes has a coarse label before the fine one', () => {
    const place = folderOf()
    const records = [record(42), record(99)].flatMap((bytes, index) => [index, ...bytes])
    writeFileSync(join(place, 'train.bin'), Buffer.from(records))
    writeFileSync(join(place, 'test.bin'), Buffer.from([3, ...record(7)]))
    const hundred = { ...findDataSource('cifar100')!, height: 2, width: 3 }
    const data = loadData(hundred, place)
    if (!data.ok) throw new Error(data.problem.problem)
    expect([...data.value.train.labels]).toEqual([42, 99])
    expect([...data.value.train.pixels.subarray(18, 21)]).toEqual([10, 20, 30])
    expect([...data.value.test.labels]).toEqual([7])
    writeFileSync(join(place, 'test.bin'), Buffer.from([3, ...record(7), 1, ...record(100)]))
    const wrong = loadData(hundred, place)
    expect(wrong.ok ? undefined : wrong.problem.problem).toBe(
      'has label 100 at position 1, byte 21',
    )
    writeFileSync(join(place, 'train.bin'), Buffer.from(record(1)))
    const short = loadData(hundred, place)
    expect(short.ok ? undefined : short.problem).toMatchObject({
      problem: 'has 19 bytes, no whole number of records',
      expected: 'records of 20 bytes, 2 labels and an image of 2x3x3',
    })
  })

  describe('as a task', () => {
    beforeAll(async () => {
      expect(await selectBackend('wasm')).toMatchObject({ ok: true })
    })

    it('trains on colours, which a network sees and a loss follows', async () => {
      const bright = (label: number): number[] => {
        const plane = (first: boolean): number[] => new Array<number>(64).fill(first ? 250 : 5)
        return [label, ...plane(label === 0), ...plane(label === 1), ...plane(label === 2)]
      }
      const batch = Buffer.from([0, 1, 2, 1, 0, 2, 2, 1].flatMap(bright))
      const place = dataFolder(
        Object.fromEntries(
          [...CIFAR_FILES.train, ...CIFAR_FILES.test].map((name) => [name, batch]),
        ),
      )
      const data = loadData({ ...source, height: 8, width: 8 }, place)
      if (!data.ok) throw new Error(data.problem.problem)
      const task = { ...(findTask('cifar10') as ImageTask), network: searchNetwork(4) }
      const result = await train({
        task: openedWith(task, splitImages({ ...data.value, classes: source.classes }, 8)),
        optimizer: () => tf.train.adam(0.01),
        seed: 1,
        steps: 40,
        batchSize: 16,
        evaluateEvery: 40,
        augmentation: { pad: 2, flip: true, cutout: 2 },
      })
      expect(result.testMetric).toBe(1)
    })
  })
})

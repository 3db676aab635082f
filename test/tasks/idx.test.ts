import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  describeDataProblem,
  findDataSource,
  loadData,
  locateData,
} from '../../src/tasks/data-set.ts'
import { readIdx } from '../../src/tasks/idx.ts'
import { MNIST_FILES } from '../../src/tasks/mnist-images.ts'
import { fileOf, folderOf } from './formats/files.ts'

/** An IDX file of bytes 0, 1, 2 ... */
function idx(shape: readonly number[], values?: readonly number[]): Buffer {
  const size = shape.reduce((product, extent) => product * extent, 1)
  const header = Buffer.alloc(4 + 4 * shape.length)
  header.writeUInt32BE(0x0800 + shape.length)
  for (const [axis, extent] of shape.entries()) header.writeUInt32BE(extent, 4 + 4 * axis)
  return Buffer.concat([header, Buffer.from(values ?? Array.from({ length: size }, (_, i) => i))])
}

describe('an IDX file', () => {
  it('is read plain and gzip-compressed', () => {
    for (const bytes of [idx([2, 3]), gzipSync(idx([2, 3]))]) {
      const read = readIdx(fileOf(bytes), 2, '')
      expect(read.ok && [...read.value.values]).toEqual([0, 1, 2, 3, 4, 5])
      expect(read.ok && read.value.shape).toEqual([2, 3])
    }
  })

  it.each<[string, Uint8Array, RegExp]>([
    ['empty', Buffer.alloc(0), /has 0 bytes, too few for a header/],
    ['of another kind', idx([2, 3, 1]), /starts with 0x00000803 where 0x00000802 was expected/],
    ['text', Buffer.from('<html>not found</html>'), /starts with 0x3c68746d/],
    ['cut in its header', idx([2, 3]).subarray(0, 9), /ends after 9 bytes, inside its header/],
    [
      'short',
      idx([2, 3]).subarray(0, 15),
      /at byte 12: it holds 3 of the 6 bytes its header promises \(2 x 3\)/,
    ],
    [
      'long',
      Buffer.concat([idx([2, 3]), Buffer.from([1])]),
      /at byte 12: it holds 7 of the 6 bytes/,
    ],
    ['a cut gzip file', gzipSync(idx([20, 30])).subarray(0, 30), /gzip-compressed but damaged/],
  ])('that is %s is a problem that says so', (_, bytes, problem) => {
    const read = readIdx(fileOf(bytes), 2, 'write a better one')
    expect(read.ok).toBe(false)
    if (read.ok) return
    expect(read.problem.problem).toMatch(problem)
    expect(read.problem.remedy).toBe('write a better one')
    expect(read.problem.expected).toMatch(/IDX file of unsigned bytes with 2 dimensions/)
  })

  it('that is missing or a folder is a problem', () => {
    const place = folderOf()
    expect(readIdx(join(place, 'nothing'), 1, '')).toMatchObject({
      problem: { problem: 'does not exist', path: join(place, 'nothing') },
    })
    expect(readIdx(place, 1, '')).toMatchObject({ problem: { problem: 'is a folder' } })
  })
})

describe('a data set', () => {
  const source = findDataSource('fashion14')!
  const small = { ...source, height: 2, width: 3 }

  /** A folder with a good data set of 2x3 images, some files replaced. */
  function dataFolder(changes: Partial<Record<keyof typeof MNIST_FILES, Buffer | null>>): string {
    const place = folderOf()
    const good = {
      trainImages: idx([4, 2, 3]),
      trainLabels: idx([4], [0, 9, 1, 2]),
      testImages: gzipSync(idx([2, 2, 3])),
      testLabels: idx([2], [3, 4]),
    }
    for (const [key, name] of Object.entries(MNIST_FILES) as [keyof typeof MNIST_FILES, string][]) {
      const bytes = changes[key] === undefined ? good[key] : changes[key]
      if (bytes !== null)
        writeFileSync(join(place, key === 'testImages' ? `${name}.gz` : name), bytes)
    }
    return place
  }

  it('is read from a folder, plain or compressed', () => {
    const data = loadData(small, dataFolder({}))
    expect(data.ok && [data.value.train.count, data.value.test.count]).toEqual([4, 2])
    expect(data.ok && [...data.value.test.labels]).toEqual([3, 4])
  })

  it.each<[string, Parameters<typeof dataFolder>[0], RegExp, RegExp]>([
    [
      'has no images',
      { trainImages: null },
      /optc-formats-\w+$/,
      /holds no train-images-idx3-ubyte/,
    ],
    ['misses a file', { testLabels: null }, /t10k-labels-idx1-ubyte.gz$/, /does not exist/],
    ['has too few labels', { trainLabels: idx([3]) }, /train-labels/, /holds 3 labels/],
    [
      'has a label too many',
      { testLabels: idx([2], [3, 10]) },
      /t10k-labels/,
      /has label 10 at position 1/,
    ],
    ['has other images', { trainImages: idx([4, 3, 3]) }, /train-images/, /holds images of 3x3/],
    ['has labels for images', { trainImages: idx([4]) }, /train-images/, /starts with 0x00000801/],
    [
      'is empty',
      { trainImages: idx([0, 2, 3]), trainLabels: idx([0]) },
      /train-images/,
      /holds no images/,
    ],
  ])('that %s is a problem that names the file', (_, changes, path, problem) => {
    const data = loadData(small, dataFolder(changes))
    expect(data.ok).toBe(false)
    if (data.ok) return
    expect(data.problem.path).toMatch(path)
    expect(data.problem.problem).toMatch(problem)
    expect(data.problem.remedy).toBe(source.remedy)
    expect(describeDataProblem(data.problem)).toHaveLength(3)
  })

  it('fashion14 is carried along: 12,000 + 2,000 images of ten classes', () => {
    const data = loadData(source)
    expect(data.ok && [data.value.train.count, data.value.test.count]).toEqual([12000, 2000])
    const counts = new Array<number>(10).fill(0)
    if (data.ok) for (const label of data.value.train.labels) counts[label]! += 1
    // Classes are within 7 % of equally many (README beside the data).
    for (const count of counts) expect(Math.abs(count - 1200)).toBeLessThan(0.07 * 1200)
  })

  const real = findDataSource('fashion-mnist')!
  const present = locateData(real).ok
  it.skipIf(!present)(
    `fashion-mnist is read from where Debian puts it${present ? '' : ` (skipped: ${real.remedy})`}`,
    () => {
      const data = loadData(real)
      expect(data.ok && [data.value.train.count, data.value.test.count]).toEqual([60000, 10000])
      // The first labels of the published file: ankle boot, T-shirt, T-shirt, dress.
      expect(data.ok && [...data.value.train.labels.subarray(0, 4)]).toEqual([9, 0, 0, 3])
    },
  )
})

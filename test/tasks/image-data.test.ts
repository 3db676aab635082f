import * as tf from '@tensorflow/tfjs-core'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { findDataSource } from '../../src/tasks/data-set.ts'
import { MEDMNIST_SETS } from '../../src/tasks/formats/medmnist.ts'
import {
  IMAGE_DATA,
  loadImageData,
  ofImageSet,
  ofMedMnist,
  ofSource,
  type ImageData,
  type ImageOptions,
} from '../../src/tasks/image-data.ts'
import { listImageFolder } from '../../src/tasks/image-files/image-listing.ts'
import { IMAGE_SETS } from '../../src/tasks/image-files/image-sets.ts'
import { loadImages } from '../../src/tasks/image-files/load-images.ts'
import { splitsOf, type ImageSplits } from '../../src/tasks/image-splits.ts'
import { imageTask } from '../../src/tasks/image-task.ts'
import { imageBytes } from '../../src/tasks/images.ts'
import { searchNetwork } from '../../src/tasks/networks/networks.ts'
import { openTask } from '../../src/tasks/open-task.ts'
import { train } from '../../src/tasks/train.ts'
import { selectBackend } from '../../src/runtime/backends.ts'
import { fixture, folderOf, problemOf, valueOf } from './formats/files.ts'

const COLOURS = ['red', 'lime', 'blue'] as const
const pictures: Record<string, Buffer> = {}
beforeAll(async () => {
  await selectBackend('cpu')
  for (const background of COLOURS)
    pictures[background] = await sharp({
      create: { width: 12, height: 10, channels: 3, background },
    })
      .png()
      .toBuffer()
})

type Files = Readonly<Record<string, string | Uint8Array>>

/** `count` pictures of one colour, numbered in their names, `#` being the place of the number. */
const many = (pattern: string, count: number, colour: (typeof COLOURS)[number]): Files =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      pattern.replace('#', String(index)),
      pictures[colour]!,
    ]),
  )

const small = { height: 8, width: 8, channels: 3 }

/** The row of a data set of image files with other counts. */
function smallSet(
  name: string,
  classes: number,
  counts: readonly [number, number, number],
  validation: number,
): ImageData {
  const row = IMAGE_SETS.find((set) => set.name === name)!
  const [training, validating, testing] = counts
  return ofImageSet({
    ...row,
    classes,
    counts: { train: training, validation: validating, test: testing },
    shape: small,
    validation,
  })
}

const smallCifar = (): ImageData =>
  ofSource({ ...findDataSource('cifar10')!, ...small, classes: 2, validation: 4 })

/** Folders of images with two classes, 8 + 3 of each. */
const cifarFolders = (more: Files = {}): Files => ({
  ...many('train/cat/#.png', 8, 'red'),
  ...many('train/dog/#.png', 8, 'blue'),
  ...many('test/cat/#.png', 3, 'red'),
  ...many('test/dog/#.png', 3, 'blue'),
  ...more,
})

const countsOf = ({ train: training, validation, test }: ImageSplits): readonly number[] =>
  [training, validation, test].map(({ count }) => count)

/** The bytes of the first pixel of each image of a part, and its label. */
const firstPixels = ({ train: images }: ImageSplits): readonly (readonly number[])[] =>
  Array.from({ length: images.count }, (_, index) => [
    images.labels[index]!,
    ...imageBytes(images, index).subarray(0, 3),
  ])

interface Layout {
  readonly name: string
  readonly data: () => ImageData
  readonly files: () => Files
  /** Images to train on, to validate and to test with. */
  readonly counts: readonly [number, number, number]
}

const mat = (...names: readonly string[]): Files =>
  Object.fromEntries(names.map((name) => [name, fixture(name.split('/').at(-1)!)]))

/** A small copy of each layout, whose images of the first class are red and of the second blue. */
const LAYOUTS: readonly Layout[] = [
  {
    name: 'tiny-imagenet-200',
    data: () => smallSet('tiny-imagenet-200', 2, [8, 0, 2], 2),
    files: () => ({
      'wnids.txt': 'n2\nn1\n',
      'val/val_annotations.txt': 'a.JPEG\tn2\t0\t0\t9\t9\nb.JPEG\tn1\t0\t0\t9\t9\n',
      ...many('train/n2/images/#.JPEG', 4, 'red'),
      ...many('train/n1/images/#.JPEG', 4, 'blue'),
      'val/images/a.JPEG': pictures['red']!,
      'val/images/b.JPEG': pictures['blue']!,
    }),
    counts: [6, 2, 2],
  },
  {
    name: 'flowers102',
    data: () => smallSet('flowers102', 3, [2, 1, 2], 0),
    files: () => ({
      ...mat('imagelabels.mat', 'setid.mat'),
      // Classes 2, 1, 3, 1, 2, of which 2 and 5 train, 3 validates.
      ...many('jpg/image_0000#.jpg', 6, 'blue'),
      'jpg/image_00002.jpg': pictures['red']!,
    }),
    counts: [2, 1, 2],
  },
  {
    name: 'cars196',
    data: () => smallSet('cars196', 3, [2, 0, 1], 0),
    files: () => ({
      ...mat(
        'devkit/cars_meta.mat',
        'devkit/cars_train_annos.mat',
        'devkit/cars_test_annos_withlabels.mat',
      ),
      'cars_train/00001.jpg': pictures['blue']!,
      'cars_train/00002.jpg': pictures['red']!,
      'cars_test/00001.jpg': pictures['lime']!,
    }),
    counts: [2, 0, 1],
  },
  {
    name: 'caltech101',
    data: () => smallSet('caltech101', 2, [64, 0, 0], 6),
    files: () => ({
      ...many('101_ObjectCategories/ant/#.jpg', 32, 'red'),
      ...many('101_ObjectCategories/bee/#.jpg', 32, 'blue'),
      ...many('101_ObjectCategories/BACKGROUND_Google/#.jpg', 1, 'lime'),
    }),
    // Thirty of each kind train, a tenth of them validate.
    counts: [54, 6, 4],
  },
  {
    name: 'eurosat',
    data: () => smallSet('eurosat', 2, [20, 0, 0], 0),
    files: () => ({
      ...many('2750/Forest/#.jpg', 10, 'red'),
      ...many('2750/River/#.jpg', 10, 'blue'),
    }),
    counts: [16, 2, 2],
  },
  {
    name: 'cifar10 as folders',
    data: smallCifar,
    files: cifarFolders,
    counts: [12, 4, 6],
  },
]

describe('images that have a name', () => {
  it('have one each, and say how to get them', () => {
    const names = IMAGE_DATA.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const { remedy, marks, validation, shape } of IMAGE_DATA) {
      expect(remedy).not.toBe('')
      expect(marks.flat()).not.toEqual([])
      expect(validation).toBeGreaterThanOrEqual(0)
      expect([1, 3]).toContain(shape.channels)
    }
  })

  it.each(LAYOUTS.filter(({ name }) => name !== 'cars196').map((row) => [row.name, row] as const))(
    '%s trains from a small copy',
    async (_, { data, files, counts }) => {
      const directory = folderOf(files())
      const row = data()
      const task = imageTask(
        {
          name: 'small',
          summary: '',
          data: row.name,
          defaults: { steps: 2, batchSize: 2, evaluateEvery: 2 },
          network: searchNetwork(2),
        },
        row,
      )
      const open = valueOf(await openTask(task, { directory }))
      const splits = valueOf(await loadImageData(row, { directory }))
      expect(countsOf(splits)).toEqual(counts)
      for (const [label, red, green, blue] of firstPixels(splits))
        expect([red, green, blue]).toEqual(label === 0 ? [255, 0, 0] : [0, 0, 255])
      const { testLoss, curve } = await train({
        task: open,
        optimizer: () => tf.train.sgd(0.01),
        seed: 1,
      })
      expect(curve).toHaveLength(1)
      expect(testLoss).toBeGreaterThan(0)
    },
  )

  it('whose images are too few to validate with are refused', async () => {
    const { data, files } = LAYOUTS.find(({ name }) => name === 'cars196')!
    const found = await loadImageData(data(), { directory: folderOf(files()) })
    expect(problemOf(found)).toMatchObject({
      problem: 'holds too few images: none is left for the part validation',
      expected: 'several images of each class',
    })
  })

  it('of MedMNIST are in their archive, which has one size', async () => {
    const counts = { train: 4, validation: 2, test: 3 }
    const shape = { height: 3, width: 3, channels: 3 }
    const set = MEDMNIST_SETS.find(({ name }) => name === 'bloodmnist')!
    const data = ofMedMnist({ ...set, classes: 3, counts, shape })
    const directory = folderOf({ 'bloodmnist.npz': fixture('medmnist.npz') })
    const splits = valueOf(await loadImageData(data, { directory }))
    expect(countsOf(splits)).toEqual([4, 2, 3])
    expect(splits.classes).toBe(3)
    expect(problemOf(await loadImageData(data, { directory, size: 8 })).problem).toBe(
      'holds images of 3x3, which are not scaled',
    )
  })

  it('are decoded to another size where it is asked for', async () => {
    const directory = folderOf(cifarFolders())
    const splits = valueOf(await loadImageData(smallCifar(), { directory, size: 5 }))
    expect(splits.test).toMatchObject({ height: 5, width: 5, channels: 3 })
  })

  it('are missing where no folder is given, and in a folder without them', async () => {
    const data = IMAGE_SETS.map(ofImageSet).find(({ name }) => name === 'flowers102')!
    expect(problemOf(await loadImageData(data))).toMatchObject({
      path: 'the data set flowers102',
      problem: 'is in no folder that is given',
      expected: 'the folder of flowers102, known by imagelabels.mat and setid.mat',
      remedy: expect.stringContaining('https://www.robots.ox.ac.uk/'),
    })
    const directory = folderOf({ 'imagelabels.mat': '' })
    expect(problemOf(await loadImageData(data, { directory }))).toMatchObject({
      path: directory,
      problem: 'holds no imagelabels.mat and setid.mat',
    })
  })
})

describe('CIFAR-10 in folders of image files', () => {
  const load = (files: Files, options: ImageOptions = {}) =>
    loadImageData(smallCifar(), { directory: folderOf(files), ...options })

  it('is counted while it is decoded, and decoded once where there is a cache', async () => {
    const directory = folderOf(cifarFolders())
    const cache = join(folderOf(), 'cache')
    const seen: (readonly [number, number])[] = []
    const once = async (): Promise<ImageSplits> =>
      valueOf(
        await loadImageData(smallCifar(), {
          directory,
          cache,
          onProgress: (done, total) => seen.push([done, total]),
        }),
      )
    const first = await once()
    expect(seen).toEqual(Array.from({ length: 22 }, (_, index) => [index + 1, 22]))
    // One file for each part.
    expect(readdirSync(cache)).toHaveLength(3)
    const again = await once()
    expect(seen).toHaveLength(22)
    expect(firstPixels(again)).toEqual(firstPixels(first))
    expect(again.means).toEqual(first.means)
  })

  it.each<readonly [string, () => Files, RegExp, RegExp]>([
    [
      'a damaged image',
      () => cifarFolders({ 'train/dog/3.png': pictures['red']!.subarray(0, 60) }),
      /train\/dog\/3\.png$/,
      /is (damaged or cut short|no image that can be read)/,
    ],
    [
      'a class without images',
      () => ({ ...many('train/cat/#.png', 3, 'red'), 'train/dog/notes.txt': '' }),
      /train\/dog$/,
      /^holds no images$/,
    ],
    [
      'another number of classes',
      () =>
        cifarFolders({
          ...many('train/fox/#.png', 3, 'lime'),
          ...many('test/fox/#.png', 1, 'lime'),
        }),
      /optc-formats-/,
      /^holds folders of 3 classes$/,
    ],
    [
      'a class that is only tested',
      () => cifarFolders(many('test/fox/#.png', 1, 'lime')),
      /test\/fox$/,
      /^is no class of the training part$/,
    ],
    [
      'nothing to test with',
      () => ({ ...many('train/cat/#.png', 3, 'red'), ...many('train/dog/#.png', 3, 'blue') }),
      /optc-formats-/,
      /^holds no folder test$/,
    ],
  ])('with %s is refused with its place', async (_, files, path, problem) => {
    const found = problemOf(await load(files()))
    expect(found.path).toMatch(path)
    expect(found.problem).toMatch(problem)
  })
})

describe('images that take more memory than they may', () => {
  it('are read from their cache, and are the same', async () => {
    const listing = valueOf(listImageFolder(folderOf(cifarFolders()), ''))
    const cache = join(folderOf(), 'cache')
    const within = valueOf(await loadImages(listing, 'train', small))
    let decoded = 0
    const onProgress = (): void => void (decoded += 1)
    const options = { cache, mostInMemory: 100, onProgress }
    const fresh = valueOf(await loadImages(listing, 'train', small, options))
    const again = valueOf(await loadImages(listing, 'train', small, options))
    expect(decoded).toBe(16)
    for (const stored of [fresh, again]) {
      expect(stored.pixels).not.toBeInstanceOf(Uint8Array)
      expect(stored.pixels.length).toBe(within.pixels.length)
      expect([...stored.labels]).toEqual([...within.labels])
      for (const index of [0, 7, 15])
        expect(imageBytes(stored, index)).toEqual(imageBytes(within, index))
      const splits = (images: typeof within): ImageSplits =>
        splitsOf({ train: images, validation: images, test: images, classes: 2 })
      expect(splits(stored).means).toEqual(splits(within).means)
      expect(splits(stored).deviations).toEqual(splits(within).deviations)
    }
    // What was written from disk is what is found in memory.
    const found = valueOf(await loadImages(listing, 'train', small, { cache, onProgress }))
    expect(decoded).toBe(16)
    expect(found.pixels).toEqual(within.pixels)
  })

  it('are refused where there is no cache', async () => {
    const listing = valueOf(listImageFolder(folderOf(cifarFolders()), ''))
    expect(
      problemOf(await loadImages(listing, 'train', small, { mostInMemory: 100 })),
    ).toMatchObject({ problem: 'holds 16 images, which take 3072 bytes at 8x8x3' })
  })

  it('leave nothing behind where one is damaged or the work is to end', async () => {
    const files = cifarFolders({ 'train/dog/7.png': 'text' })
    const listing = valueOf(listImageFolder(folderOf(files), ''))
    const cache = folderOf()
    const options = { cache, mostInMemory: 100 }
    expect(problemOf(await loadImages(listing, 'train', small, options)).path).toMatch(
      /dog\/7\.png$/,
    )
    expect(readdirSync(cache)).toEqual([])
    const controller = new AbortController()
    const ended = loadImages(listing, 'train', small, {
      ...options,
      signal: controller.signal,
      onProgress: (done) => done === 3 && controller.abort(new Error('enough')),
    })
    await expect(ended).rejects.toThrow('enough')
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(readdirSync(cache)).toEqual([])
  })
})

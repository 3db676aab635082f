import { copyFileSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadDecoder, type ImageDecoder } from '../../../src/tasks/image-files/decode-image.ts'
import {
  countClasses,
  listImageFolder,
  splitListing,
  type ImageListing,
} from '../../../src/tasks/image-files/image-listing.ts'
import { loadImages } from '../../../src/tasks/image-files/load-images.ts'
import { folderOf, problemOf, valueOf } from '../formats/files.ts'

/** A picture of one colour. */
async function picture(
  width: number,
  height: number,
  background: string,
  format: 'png' | 'jpeg' | 'webp' | 'gif' | 'tiff' = 'png',
): Promise<Buffer> {
  const made = sharp({ create: { width, height, channels: 3, background } })
  return made.toFormat(format).toBuffer()
}

let decoder: ImageDecoder
const pictures: Record<string, Buffer> = {}
beforeAll(async () => {
  decoder = valueOf(await loadDecoder(''))
  for (const colour of ['red', 'lime', 'blue']) pictures[colour] = await picture(4, 3, colour)
})

const shape = { height: 3, width: 4, channels: 3 }

function twoClasses(more: Readonly<Record<string, string | Uint8Array>> = {}): string {
  return folderOf({
    'cat/1.png': pictures['red']!,
    'cat/2.PNG': pictures['lime']!,
    'dog/1.png': pictures['blue']!,
    'dog/notes.txt': 'no picture',
    'dog/.hidden.png': 'no picture',
    ...more,
  })
}

describe('a folder of images by class', () => {
  it('is listed: classes in order of their names, files in theirs', () => {
    const root = twoClasses()
    const listing = valueOf(listImageFolder(root, ''))
    expect(listing).toMatchObject({ root, classes: ['cat', 'dog'], validation: [], test: [] })
    expect(listing.train.map(({ path, label }) => [path, label])).toEqual([
      ['cat/1.png', 0],
      ['cat/2.PNG', 0],
      ['dog/1.png', 1],
    ])
    expect(countClasses(listing, 'train')).toEqual([2, 1])
  })

  it('may have its parts in folders', () => {
    const root = folderOf({
      'train/a/1.png': 'x',
      'train/b/1.jpg': 'xy',
      'val/a/1.png': 'x',
      'val/b/1.png': 'x',
      'test/a/1.png': 'x',
      'test/b/2.png': 'x',
      'readme.txt': '',
    })
    const { train, validation, test } = valueOf(listImageFolder(root, ''))
    expect(train.map(({ path, bytes }) => [path, bytes])).toEqual([
      ['train/a/1.png', 1],
      ['train/b/1.jpg', 2],
    ])
    expect(validation.map(({ path }) => path)).toEqual(['val/a/1.png', 'val/b/1.png'])
    expect(test.map(({ path, label }) => [path, label])).toEqual([
      ['test/a/1.png', 0],
      ['test/b/2.png', 1],
    ])
  })

  it.each<[string, () => string, RegExp, RegExp]>([
    ['is missing', () => join(folderOf(), 'nothing'), /nothing$/, /does not exist/],
    ['is a file', () => join(folderOf({ file: '' }), 'file'), /file$/, /is no folder/],
    ['has no classes', () => folderOf({ 'a.png': '' }), /optc-formats/, /holds no folders/],
    ['has one class', () => folderOf({ 'a/a.png': '' }), /optc-formats/, /holds only the folder a/],
    [
      'has a class without images',
      () => twoClasses({ 'eel/a.txt': '' }),
      /eel$/,
      /holds no images/,
    ],
    [
      'tests a class that it does not train',
      () => folderOf({ 'train/a/1.png': '', 'train/b/1.png': '', 'test/c/1.png': '' }),
      /test\/c$/,
      /is no class of the training part/,
    ],
    [
      'has 300 classes',
      () => folderOf(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`${i}/1.png`, '']))),
      /optc-formats/,
      /holds 300 folders/,
    ],
  ])('that %s is refused with the place', (_, made, path, problem) => {
    const found = problemOf(listImageFolder(made(), ''))
    expect(found.path).toMatch(path)
    expect(found.problem).toMatch(problem)
  })

  it('follows links that stay inside, and refuses those that lead out', () => {
    const root = twoClasses()
    symlinkSync('../cat/1.png', join(root, 'dog/inside.png'))
    expect(countClasses(valueOf(listImageFolder(root, '')), 'train')).toEqual([2, 2])
    const outside = folderOf({ 'secret.png': pictures['red']! })
    symlinkSync(join(outside, 'secret.png'), join(root, 'dog/outside.png'))
    const found = problemOf(listImageFolder(root, ''))
    expect(found.path).toBe(join(root, 'dog/outside.png'))
    expect(found.problem).toMatch(/is a link that leads outside/)
  })

  it('refuses a class that is a link to a folder outside, and a link to nowhere', () => {
    const root = twoClasses()
    symlinkSync(folderOf({ '1.png': '' }), join(root, 'eel'))
    expect(problemOf(listImageFolder(root, '')).problem).toMatch(/leads outside/)
    const other = twoClasses()
    symlinkSync('nothing', join(other, 'eel'))
    expect(problemOf(listImageFolder(other, '')).problem).toMatch(/does not exist/)
  })

  it('ends where links go in circles', () => {
    const root = twoClasses()
    symlinkSync('..', join(root, 'cat/loop'))
    expect(countClasses(valueOf(listImageFolder(root, '')), 'train')).toEqual([2, 1])
    symlinkSync('.', join(root, 'self'))
    expect(problemOf(listImageFolder(root, '')).problem).toMatch(/holds no images/)
  })
})

describe('a split by seed', () => {
  const files = (label: number, count: number): ImageListing['train'] =>
    Array.from({ length: count }, (_, index) => ({
      path: `${label}/${index}`,
      label,
      bytes: 0,
      modified: 0,
    }))
  const listing: ImageListing = {
    root: '',
    classes: ['a', 'b'],
    train: [...files(0, 20), ...files(1, 10)],
    validation: [],
    test: [],
  }
  const names = ({ train, validation, test }: ImageListing): readonly string[] =>
    [...train, ...validation, ...test].map(({ path }) => path)

  it('takes the same part of each class, and every image once', () => {
    const split = splitListing(listing, { validation: 0.1, test: 0.2 }, 1)
    expect(countClasses(split, 'train')).toEqual([14, 7])
    expect(countClasses(split, 'validation')).toEqual([2, 1])
    expect(countClasses(split, 'test')).toEqual([4, 2])
    expect([...names(split)].sort()).toEqual([...names(listing)].sort())
  })

  it('is the same for the same seed, and another for another', () => {
    const of = (seed: number): readonly string[] =>
      names(splitListing(listing, { validation: 0.1, test: 0.2 }, seed))
    expect(of(1)).toEqual(of(1))
    expect(of(1)).not.toEqual(of(2))
  })

  it('may train on as many of each class', () => {
    const split = splitListing(listing, { train: 12 }, 1)
    expect(countClasses(split, 'train')).toEqual([12, 10])
    expect(countClasses(split, 'test')).toEqual([8, 0])
  })
})

describe('an image', () => {
  it.each(['png', 'webp', 'gif', 'tiff'] as const)('of format %s is decoded', async (format) => {
    const root = folderOf({ image: await picture(4, 3, '#ff0000', format) })
    const pixels = valueOf(await decoder.decode(join(root, 'image'), shape))
    expect(pixels.length).toBe(36)
    for (const [index, value] of pixels.entries())
      expect(Math.abs(value - (index % 3 === 0 ? 255 : 0))).toBeLessThan(3)
  })

  it('becomes grey, coloured or another size as it is asked for', async () => {
    const raw = Buffer.from(Array.from({ length: 8 * 6 * 3 }, (_, i) => (i * 37) % 256))
    const root = folderOf({
      image: await sharp(raw, { raw: { width: 8, height: 6, channels: 3 } })
        .png()
        .toBuffer(),
      grey: await sharp(Buffer.of(7, 9), { raw: { width: 2, height: 1, channels: 1 } })
        .png()
        .toBuffer(),
    })
    const same = await decoder.decode(join(root, 'image'), { height: 6, width: 8, channels: 3 })
    expect([...valueOf(same)]).toEqual([...raw])
    const small = await decoder.decode(join(root, 'image'), { height: 2, width: 3, channels: 1 })
    expect(valueOf(small)).toHaveLength(6)
    const coloured = await decoder.decode(join(root, 'grey'), { height: 1, width: 2, channels: 3 })
    expect([...valueOf(coloured)]).toEqual([7, 7, 7, 9, 9, 9])
  })

  it('of 100,000 pixels a side is refused from its header', async () => {
    const png = Buffer.from(await picture(1, 1, 'red'))
    png.writeUInt32BE(100_000, 16)
    png.writeUInt32BE(100_000, 20)
    // The checksum of the header, over its type and content.
    png.writeUInt32BE(crc32(png.subarray(12, 29)), 29)
    const path = join(folderOf({ 'bomb.png': png }), 'bomb.png')
    const found = problemOf(await decoder.decode(path, shape))
    expect(found).toMatchObject({ path, problem: 'has 100000x100000 pixels' })
    expect(found.expected).toMatch(/at most 16384 pixels a side/)
  })

  it('that is cut short, of another kind or text is refused', async () => {
    const noise = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * i * 7919) >> 3))
    const raw = { width: 64, height: 64, channels: 3 } as const
    const jpeg = await sharp(noise, { raw }).jpeg().toBuffer()
    const root = folderOf({
      'cut.jpg': jpeg.subarray(0, jpeg.length - 400),
      'text.jpg': 'not found',
      'drawing.png': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    })
    const problem = async (name: string): Promise<string> =>
      problemOf(await decoder.decode(join(root, name), shape)).problem
    expect(await problem('cut.jpg')).toMatch(/is damaged or cut short/)
    expect(await problem('text.jpg')).toMatch(/is no image that can be read/)
    expect(await problem('drawing.png')).toMatch(/is of format svg/)
  })
})

describe('images of a listing', () => {
  it('are loaded in its order, with progress', async () => {
    const listing = valueOf(listImageFolder(twoClasses(), ''))
    const seen: number[] = []
    const onProgress = (done: number, total: number): void => void seen.push(done / total)
    const images = valueOf(await loadImages(listing, 'train', shape, { onProgress }))
    expect(images).toMatchObject({ ...shape, count: 3 })
    expect([...images.labels]).toEqual([0, 0, 1])
    expect([0, 36, 72].map((at) => [...images.pixels.subarray(at, at + 3)])).toEqual([
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
    ])
    expect(seen).toEqual([1 / 3, 2 / 3, 1])
  })

  it('are decoded once where there is a cache, and again where files have changed or it is damaged', async () => {
    const root = twoClasses()
    const cache = join(folderOf(), 'cache')
    const load = async (): Promise<{ readonly decoded: number; readonly first: number[] }> => {
      let decoded = 0
      const onProgress = (): void => void (decoded += 1)
      const listing = valueOf(listImageFolder(root, ''))
      const images = valueOf(await loadImages(listing, 'train', shape, { cache, onProgress }))
      expect([...images.labels]).toEqual([0, 0, 1])
      return { decoded, first: [...images.pixels.subarray(0, 3)] }
    }
    expect(await load()).toEqual({ decoded: 3, first: [255, 0, 0] })
    expect(await load()).toEqual({ decoded: 0, first: [255, 0, 0] })
    copyFileSync(join(root, 'dog/1.png'), join(root, 'cat/1.png'))
    utimesSync(join(root, 'cat/1.png'), 1, 1)
    expect(await load()).toEqual({ decoded: 3, first: [0, 0, 255] })
    expect(readdirSync(cache)).toHaveLength(2)
    for (const name of readdirSync(cache)) writeFileSync(join(cache, name), 'damaged')
    expect(await load()).toEqual({ decoded: 3, first: [0, 0, 255] })
    expect(await load()).toEqual({ decoded: 0, first: [0, 0, 255] })
  })

  it('of which one is damaged are refused with its name, and nothing is kept', async () => {
    const root = twoClasses({ 'cat/3.png': pictures['red']!.subarray(0, 50), 'dog/0.png': 'text' })
    const cache = join(folderOf(), 'cache')
    const found = await loadImages(valueOf(listImageFolder(root, '')), 'train', shape, { cache })
    expect(problemOf(found).path).toBe(join(root, 'cat/3.png'))
    expect(() => readdirSync(cache)).toThrow(/ENOENT/)
  })

  it('that would not fit in memory are refused before one is decoded', async () => {
    const large = { height: 16_000, width: 16_000, channels: 3 }
    const found = await loadImages(valueOf(listImageFolder(twoClasses(), '')), 'train', large)
    expect(problemOf(found).problem).toMatch(/3 images, which take 2304000000 bytes/)
  })

  it('are no longer loaded when the work is to end', async () => {
    const listing = valueOf(listImageFolder(twoClasses(), ''))
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(loadImages(listing, 'train', shape, { signal })).rejects.toThrow('enough')
  })
})

import { createHash } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { safetensorsHeader, type SafetensorsHeader } from '../formats/safetensors.ts'
import { imageSize, type Images, type ImageShape, type Pixels } from '../images.ts'
import { digestOf, type ListedImage } from './image-listing.ts'

/** Grows whenever decoding gives other bytes. */
const CACHE_VERSION = 1

/** Where decoded images are kept: a safetensors file with `labels` and `pixels`. */
export interface ImageCache {
  readonly file: string
  readonly count: number
  readonly shape: ImageShape
}

/** The cache of `images` at `shape` in the folder `folder`; another one whenever a file of them changes. */
export function imageCacheOf(
  folder: string,
  images: readonly ListedImage[],
  shape: ImageShape,
): ImageCache {
  const { height, width, channels } = shape
  const hash = createHash('sha256')
  hash.update(JSON.stringify([CACHE_VERSION, height, width, channels, digestOf(images)]))
  const name = `images-${hash.digest('hex').slice(0, 32)}.safetensors`
  return { file: join(folder, name), count: images.length, shape }
}

const headerOf = ({ count, shape: { height, width, channels } }: ImageCache): SafetensorsHeader =>
  safetensorsHeader(
    [
      ['pixels', { type: 'uint8', shape: [count, height, width, channels] }],
      ['labels', { type: 'uint8', shape: [count] }],
    ],
    new Map([['made by', 'optc: images decoded once, safe to delete']]),
  )

/**
 * The images that a cache holds: in memory, or else read from the file as they are asked for. Undefined where it is not there,
 * damaged or of something else.
 */
export function readImageCache(cache: ImageCache, inMemory: boolean): Images | undefined {
  const { count, shape } = cache
  const header = headerOf(cache)
  let handle: number
  try {
    handle = openSync(cache.file, 'r')
  } catch {
    return undefined
  }
  const isRight =
    fstatSync(handle).size === header.length &&
    Buffer.compare(readAt(handle, 0, header.bytes.length), header.bytes) === 0
  if (!isRight) {
    closeSync(handle)
    return undefined
  }
  const labels = readAt(handle, header.starts.get('labels')!, count)
  const stored = storedPixels(handle, header.starts.get('pixels')!, count * imageSize(shape))
  if (!inMemory) return { ...shape, count, labels, pixels: stored }
  const pixels = stored.subarray(0)
  closeSync(handle)
  return { ...shape, count, labels, pixels }
}

/** Bytes of an open file, which stays open. */
function storedPixels(handle: number, from: number, length: number): Pixels {
  return {
    length,
    subarray: (start, end = length) => readAt(handle, from + start, Math.max(0, end - start)),
  }
}

/** The most that one call of the system reads, less than 2^31. */
const MOST_AT_ONCE = 2 ** 30

/** `length` bytes of a file from `start`; those behind its end are 0. */
function readAt(handle: number, start: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length;) {
    const read = readSync(handle, bytes, at, Math.min(length - at, MOST_AT_ONCE), start + at)
    if (read === 0) break
    at += read
  }
  return bytes
}

/** A cache that is being written, beside its place, so that it is whole or not there. */
export interface CacheWriter {
  /** Writes image number `index`, and those that follow where there are more bytes; nothing once it is discarded. */
  readonly write: (index: number, pixels: Uint8Array) => void
  /** Writes the labels, and puts it in its place. */
  readonly finish: (labels: Uint8Array) => void
  /** Removes it. */
  readonly discard: () => void
}

/** Begins to write `cache`; its folder is made when it is missing. */
export function writeImageCache(cache: ImageCache): CacheWriter {
  const header = headerOf(cache)
  const size = imageSize(cache.shape)
  const unfinished = `${cache.file}.${process.pid}`
  let handle: number | undefined
  let isOver = false
  const write = (bytes: Uint8Array, start: number): void => {
    if (isOver) return
    if (handle === undefined) {
      mkdirSync(dirname(cache.file), { recursive: true })
      handle = openSync(unfinished, 'w')
    }
    for (let at = 0; at < bytes.length;)
      at += writeSync(handle, bytes, at, Math.min(bytes.length - at, MOST_AT_ONCE), start + at)
  }
  const close = (): void => {
    if (handle !== undefined) closeSync(handle)
    handle = undefined
  }
  return {
    write: (index, pixels) => write(pixels, header.starts.get('pixels')! + index * size),
    finish: (labels) => {
      write(labels, header.starts.get('labels')!)
      write(header.bytes, 0)
      close()
      renameSync(unfinished, cache.file)
    },
    discard: () => {
      isOver = true
      close()
      rmSync(unfinished, { force: true })
    },
  }
}

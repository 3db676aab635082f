import { mkdirSync, openSync, closeSync, renameSync, writeSync, existsSync, rmSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { DataResult } from '../data-file.ts'
import { encodeSafetensors, readSafetensors } from '../formats/safetensors.ts'
import { imageSize, type ImageShape, type Images } from '../images.ts'
import { loadDecoder, type ImageDecoder } from './decode-image.ts'
import { digestOf, type ImageListing, type Part } from './image-listing.ts'

export interface LoadOptions {
  /** A folder where what was decoded is kept, and found the next time; made when it is missing. */
  readonly cache?: string
  /** Called after every image that was decoded. */
  readonly onProgress?: (done: number, total: number) => void
  /** Ends the work; the promise is rejected with its reason. */
  readonly signal?: AbortSignal
}

/** What images may take in memory. */
const MOST_BYTES = 2 ** 31
/** Images decoded at a time: as many as libuv has threads. */
const AT_A_TIME = 4
/** Grows whenever decoding gives other bytes. */
const CACHE_VERSION = 1

/**
 * The images of one part in memory, each scaled to `shape`: from the cache where the same files were decoded before, else
 * decoded, on threads beside this one. The first image that cannot be read is a problem.
 */
export async function loadImages(
  listing: ImageListing,
  part: Part,
  shape: ImageShape,
  { cache, onProgress, signal }: LoadOptions = {},
): Promise<DataResult<Images>> {
  const count = listing[part].length
  const bytes = count * imageSize(shape)
  if (bytes > MOST_BYTES)
    return {
      ok: false,
      problem: {
        path: listing.root,
        problem: `holds ${count} images, which take ${bytes} bytes at ${shape.height}x${shape.width}x${shape.channels}`,
        expected: `at most ${MOST_BYTES} bytes`,
        remedy: 'ask for smaller images, or take some away',
      },
    }
  const file = cache === undefined ? undefined : join(cache, cacheName(listing, part, shape))
  if (file !== undefined && existsSync(file)) {
    const kept = readCache(file, count, shape)
    if (kept !== undefined) return { ok: true, value: kept }
  }
  const decoder = await loadDecoder(listing.root)
  if (!decoder.ok) return decoder
  const images = await decodeAll(decoder.value, listing, part, shape, { onProgress, signal })
  if (images.ok && cache !== undefined && file !== undefined) {
    mkdirSync(cache, { recursive: true })
    writeCache(file, images.value)
  }
  return images
}

async function decodeAll(
  decoder: ImageDecoder,
  listing: ImageListing,
  part: Part,
  shape: ImageShape,
  { onProgress, signal }: { [Name in 'onProgress' | 'signal']: LoadOptions[Name] | undefined },
): Promise<DataResult<Images>> {
  const files = listing[part]
  const size = imageSize(shape)
  const pixels = new Uint8Array(files.length * size)
  let next = 0
  let done = 0
  const failures: { readonly index: number; readonly result: DataResult<Images> }[] = []
  const work = async (): Promise<void> => {
    while (next < files.length && failures.length === 0) {
      signal?.throwIfAborted()
      const index = next
      next += 1
      const decoded = await decoder.decode(join(listing.root, files[index]!.path), shape)
      if (decoded.ok) pixels.set(decoded.value, index * size)
      else failures.push({ index, result: decoded })
      done += 1
      onProgress?.(done, files.length)
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, work))
  // Of several that failed the first in the list is told, whichever ended first.
  const [first] = failures.sort((a, b) => a.index - b.index)
  if (first !== undefined) return first.result
  const labels = Uint8Array.from(files, ({ label }) => label)
  return { ok: true, value: { ...shape, count: files.length, pixels, labels } }
}

function cacheName(listing: ImageListing, part: Part, shape: ImageShape): string {
  const { height, width, channels } = shape
  const hash = createHash('sha256')
  hash.update(JSON.stringify([CACHE_VERSION, height, width, channels, digestOf(listing[part])]))
  return `images-${hash.digest('hex').slice(0, 32)}.safetensors`
}

/** What a cache holds; undefined where it is damaged or of something else. */
function readCache(file: string, count: number, shape: ImageShape): Images | undefined {
  const read = readSafetensors(file)
  if (!read.ok) return undefined
  const pixels = read.value.tensors.get('pixels')?.values
  const labels = read.value.tensors.get('labels')?.values
  const isRight =
    pixels instanceof Uint8Array &&
    labels instanceof Uint8Array &&
    pixels.length === count * imageSize(shape) &&
    labels.length === count
  return isRight ? { ...shape, count, pixels, labels } : undefined
}

/** Writes beside the place first, so that a cache is whole or not there. */
function writeCache(
  file: string,
  { count, height, width, channels, pixels, labels }: Images,
): void {
  const pieces = encodeSafetensors({
    metadata: new Map([['made by', 'optc: images decoded once, safe to delete']]),
    tensors: new Map([
      ['pixels', { type: 'uint8', shape: [count, height, width, channels], values: pixels }],
      ['labels', { type: 'uint8', shape: [count], values: labels }],
    ]),
  })
  const unfinished = `${file}.${process.pid}`
  try {
    const handle = openSync(unfinished, 'w')
    try {
      for (const piece of pieces)
        for (let at = 0; at < piece.length;) at += writeSync(handle, piece, at)
    } finally {
      closeSync(handle)
    }
    renameSync(unfinished, file)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
}

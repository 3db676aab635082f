import { join } from 'node:path'
import type { DataResult } from '../data-file.ts'
import { imageSize, type ImageShape, type Images } from '../images.ts'
import { loadDecoder, type ImageDecoder } from './decode-image.ts'
import { imageCacheOf, readImageCache, writeImageCache } from './image-cache.ts'
import type { ImageListing, ListedImage, Part } from './image-listing.ts'

export interface LoadOptions {
  /** A folder where what was decoded is kept, and found the next time; made when it is missing. */
  readonly cache?: string
  /** Called after every image that was decoded. */
  readonly onProgress?: (done: number, total: number) => void
  /** Ends the work; the promise is rejected with its reason. */
  readonly signal?: AbortSignal
  /** What images may take in memory, in bytes; more are read from the cache as they are asked for. 1 GiB when absent. */
  readonly mostInMemory?: number
}

const MOST_IN_MEMORY = 2 ** 30
/** What they may take in a cache. */
const MOST_IN_CACHE = 2 ** 36
/** Images decoded at a time: as many as libuv has threads. */
const AT_A_TIME = 4

/**
 * The images of one part, each scaled to `shape`: from the cache where the same files were decoded before, else decoded, on threads
 * beside this one. In memory, or in the cache where they would take too much of it. The first image that cannot be read is a problem.
 */
export async function loadImages(
  listing: ImageListing,
  part: Part,
  shape: ImageShape,
  options: LoadOptions = {},
): Promise<DataResult<Images>> {
  const { cache: folder, mostInMemory = MOST_IN_MEMORY } = options
  const files = listing[part]
  const bytes = files.length * imageSize(shape)
  const inMemory = bytes <= mostInMemory
  const most = folder === undefined ? mostInMemory : MOST_IN_CACHE
  if (bytes > most)
    return {
      ok: false,
      problem: {
        path: listing.root,
        problem: `holds ${files.length} images, which take ${bytes} bytes at ${shape.height}x${shape.width}x${shape.channels}`,
        expected: `at most ${most} bytes${folder === undefined ? ' where there is no cache' : ''}`,
        remedy: 'ask for smaller images, or take some away',
      },
    }
  const cache = folder === undefined ? undefined : imageCacheOf(folder, files, shape)
  const kept = cache && readImageCache(cache, inMemory)
  if (kept !== undefined) return { ok: true, value: kept }
  const decoder = await loadDecoder(listing.root)
  if (!decoder.ok) return decoder
  const labels = Uint8Array.from(files, ({ label }) => label)
  const pixels = new Uint8Array(inMemory ? bytes : 0)
  const writer = cache && writeImageCache(cache)
  const take = inMemory
    ? (index: number, image: Uint8Array): void => pixels.set(image, index * imageSize(shape))
    : writer!.write
  try {
    const failed = await decodeAll(decoder.value, listing.root, files, shape, options, take)
    if (failed !== undefined) return failed
    if (inMemory) writer?.write(0, pixels)
    writer?.finish(labels)
  } finally {
    writer?.discard()
  }
  // What was just written is there.
  return {
    ok: true,
    value: inMemory
      ? { ...shape, count: files.length, labels, pixels }
      : readImageCache(cache!, false)!,
  }
}

/** Decodes all images, each given to `take` when it is there; a result where one cannot be. */
async function decodeAll(
  decoder: ImageDecoder,
  root: string,
  files: readonly ListedImage[],
  shape: ImageShape,
  { onProgress, signal }: LoadOptions,
  take: (index: number, pixels: Uint8Array) => void,
): Promise<Extract<DataResult<Images>, { ok: false }> | undefined> {
  let next = 0
  let done = 0
  const failures: { readonly index: number; readonly result: DataResult<Uint8Array> }[] = []
  const work = async (): Promise<void> => {
    while (next < files.length && failures.length === 0) {
      signal?.throwIfAborted()
      const index = next
      next += 1
      const decoded = await decoder.decode(join(root, files[index]!.path), shape)
      if (decoded.ok) take(index, decoded.value)
      else failures.push({ index, result: decoded })
      done += 1
      onProgress?.(done, files.length)
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, work))
  // Of several that failed the first in the list is told, whichever ended first.
  const [first] = failures.sort((a, b) => a.index - b.index)
  return first === undefined || first.result.ok ? undefined : first.result
}

import { dataFilePath, readDataFile, type DataResult } from './data-file.ts'
import { imageSize, type ExpectedImages, type Images } from './images.ts'

/** The files of the binary version of CIFAR-10 (Krizhevsky, 2009), without the `.gz` they may end in. */
export const CIFAR_FILES = {
  train: [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`),
  test: ['test_batch.bin'],
} as const

/**
 * Reads one part, `train` or `test`, from a folder with the {@link CIFAR_FILES}: records of a label and an image, all of its
 * reds before its greens and its blues.
 */
export function readCifarPart(
  expected: ExpectedImages,
  directory: string,
  part: 'train' | 'test',
): DataResult<Images> {
  const batches: Uint8Array[] = []
  for (const name of CIFAR_FILES[part]) {
    const read = readBatch(expected, dataFilePath(directory, name))
    if (!read.ok) return read
    batches.push(read.value)
  }
  const size = imageSize(expected)
  const { height, width, channels } = expected
  const count = batches.reduce((sum, batch) => sum + batch.length / (1 + size), 0)
  const pixels = new Uint8Array(count * size)
  const labels = new Uint8Array(count)
  let image = 0
  for (const batch of batches)
    for (let record = 0; record < batch.length; record += 1 + size) {
      labels[image] = batch[record]!
      for (let offset = 0; offset < size; offset++) {
        const plane = (offset % channels) * height * width
        pixels[image * size + offset] = batch[record + 1 + plane + Math.floor(offset / channels)]!
      }
      image += 1
    }
  return { ok: true, value: { count, height, width, channels, pixels, labels } }
}

/** The bytes of a file of whole records with labels that there are. */
function readBatch(expected: ExpectedImages, path: string): DataResult<Uint8Array> {
  const { height, width, channels, classes, remedy } = expected
  const record = 1 + imageSize(expected)
  const fail = (problem: string, instead: string): DataResult<Uint8Array> => ({
    ok: false,
    problem: { path, problem, expected: instead, remedy },
  })
  const records = `records of ${record} bytes, a label and an image of ${height}x${width}x${channels}`
  const bytes = readDataFile(path)
  if (typeof bytes === 'string') return fail(bytes, records)
  if (bytes.length === 0) return fail('holds no images', records)
  if (bytes.length % record !== 0)
    return fail(`has ${bytes.length} bytes, no whole number of records`, records)
  for (let start = 0; start < bytes.length; start += record)
    if (bytes[start]! >= classes)
      return fail(
        `has label ${bytes[start]} at position ${start / record}`,
        `labels from 0 to ${classes - 1}`,
      )
  return { ok: true, value: bytes }
}

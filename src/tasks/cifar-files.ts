import { dataFilePath, readDataFile, type DataResult } from './data-file.ts'
import { imageSize, type ExpectedImages, type ImagesInMemory } from './images.ts'

/** The binary version of a data set like CIFAR (Krizhevsky, 2009): names of files, without the `.gz` they may end in. */
export interface CifarLayout {
  readonly train: readonly string[]
  readonly test: readonly string[]
  /** Bytes of a record before its image. */
  readonly labelBytes: number
}

/** CIFAR-10: one label. */
export const CIFAR_FILES: CifarLayout = {
  train: [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`),
  test: ['test_batch.bin'],
  labelBytes: 1,
}

/** CIFAR-100: one of 20 coarse labels, which is left out, and one of 100 fine ones. */
export const CIFAR100_FILES: CifarLayout = {
  train: ['train.bin'],
  test: ['test.bin'],
  labelBytes: 2,
}

/** Reads one part, `train` or `test`, from a folder with the files of `layout`. */
export function readCifarPart(
  layout: CifarLayout,
  expected: ExpectedImages,
  directory: string,
  part: 'train' | 'test',
): DataResult<ImagesInMemory> {
  const paths = layout[part].map((name) => dataFilePath(directory, name))
  return readCifarFiles(paths, layout.labelBytes, expected)
}

/**
 * Reads files of records, each `labelBytes` labels, of which the last is taken, and an image, all of its reds before its greens and its
 * blues.
 */
export function readCifarFiles(
  paths: readonly string[],
  labelBytes: number,
  expected: ExpectedImages,
): DataResult<ImagesInMemory> {
  const batches: Uint8Array[] = []
  for (const path of paths) {
    const read = readBatch(labelBytes, expected, path)
    if (!read.ok) return read
    batches.push(read.value)
  }
  const size = imageSize(expected)
  const { height, width, channels } = expected
  const count = batches.reduce((sum, batch) => sum + batch.length / (labelBytes + size), 0)
  const pixels = new Uint8Array(count * size)
  const labels = new Uint8Array(count)
  let image = 0
  for (const batch of batches)
    for (let record = 0; record < batch.length; record += labelBytes + size) {
      labels[image] = batch[record + labelBytes - 1]!
      for (let offset = 0; offset < size; offset++) {
        const plane = (offset % channels) * height * width
        pixels[image * size + offset] =
          batch[record + labelBytes + plane + Math.floor(offset / channels)]!
      }
      image += 1
    }
  return { ok: true, value: { count, height, width, channels, pixels, labels } }
}

/** The bytes of a file of whole records with labels that there are. */
function readBatch(
  labelBytes: number,
  expected: ExpectedImages,
  path: string,
): DataResult<Uint8Array> {
  const { height, width, channels, classes, remedy } = expected
  const record = labelBytes + imageSize(expected)
  const fail = (problem: string, instead: string): DataResult<Uint8Array> => ({
    ok: false,
    problem: { path, problem, expected: instead, remedy },
  })
  const records = `records of ${record} bytes, ${labelBytes === 1 ? 'a label' : `${labelBytes} labels`} and an image of ${height}x${width}x${channels}`
  const bytes = readDataFile(path)
  if (typeof bytes === 'string') return fail(bytes, records)
  if (bytes.length === 0) return fail('holds no images', records)
  if (bytes.length % record !== 0)
    return fail(`has ${bytes.length} bytes, no whole number of records`, records)
  for (let label = labelBytes - 1; label < bytes.length; label += record)
    if (bytes[label]! >= classes)
      return fail(
        `has label ${bytes[label]} at position ${Math.floor(label / record)}, byte ${label}`,
        `labels from 0 to ${classes - 1}`,
      )
  return { ok: true, value: bytes }
}

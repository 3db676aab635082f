import type { DataResult } from './data-file.ts'
import { decodeIdx } from './idx-array.ts'
import type { ExpectedImages, ImagesInMemory } from './images.ts'

/** The files of a data set like LeCun's MNIST, without the `.gz` they may end in. */
export const MNIST_FILES = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
} as const

/** A file that was read: its bytes, decompressed, or in words why there are none. */
export interface MnistFile {
  readonly path: string
  readonly bytes: Uint8Array | string
}

/** The grey images of one part of a data set. */
export function decodeMnistPart(
  expected: ExpectedImages,
  files: { readonly images: MnistFile; readonly labels: MnistFile },
): DataResult<ImagesInMemory> {
  const { path: imagesPath } = files.images
  const { path: labelsPath } = files.labels
  const { remedy } = expected
  const images = decodeIdx(files.images.bytes, { path: imagesPath, wanted: 3, remedy })
  if (!images.ok) return images
  const labels = decodeIdx(files.labels.bytes, { path: labelsPath, wanted: 1, remedy })
  if (!labels.ok) return labels
  const [count = 0, height = 0, width = 0] = images.value.shape
  const fail = (path: string, problem: string, instead: string): DataResult<ImagesInMemory> => ({
    ok: false,
    problem: { path, problem, expected: instead, remedy: expected.remedy },
  })
  if (height !== expected.height || width !== expected.width)
    return fail(
      imagesPath,
      `holds images of ${height}x${width}`,
      `images of ${expected.height}x${expected.width} for ${expected.name}`,
    )
  if (count === 0) return fail(imagesPath, 'holds no images', 'at least one image')
  if (labels.value.values.length !== count)
    return fail(
      labelsPath,
      `holds ${labels.value.values.length} labels`,
      `${count} labels, one for each image of ${imagesPath}`,
    )
  const wrong = labels.value.values.findIndex((label) => label >= expected.classes)
  if (wrong >= 0)
    return fail(
      labelsPath,
      `has label ${labels.value.values[wrong]} at position ${wrong}`,
      `labels from 0 to ${expected.classes - 1}`,
    )
  return {
    ok: true,
    value: {
      count,
      height,
      width,
      channels: 1,
      pixels: images.value.values,
      labels: labels.value.values,
    },
  }
}

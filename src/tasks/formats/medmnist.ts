import type { DataProblem, DataResult } from '../data-file.ts'
import { imageSize, type Images } from '../images.ts'
import { describeArray } from './byte-reader.ts'
import { readNpz } from './npz.ts'
import type { NumberArray } from './number-array.ts'

const PARTS = ['train', 'validation', 'test'] as const
const PREFIXES = { train: 'train', validation: 'val', test: 'test' } as const

/** The names of the arrays in such a file. */
export const MEDMNIST_NAMES: readonly string[] = PARTS.flatMap((part) => [
  `${PREFIXES[part]}_images`,
  `${PREFIXES[part]}_labels`,
])

/** A data set like MedMNIST's (Yang et al., 2023), whole. */
export interface MedMnist extends Readonly<Record<(typeof PARTS)[number], Images>> {
  /** One more than the largest label. */
  readonly classes: number
}

/**
 * Reads a `.npz` file with the arrays {@link MEDMNIST_NAMES}: images [count, height, width] or [count, height, width, 3] and labels
 * [count, 1], both bytes, one label for each image.
 */
export function readMedMnist(path: string, remedy: string): DataResult<MedMnist> {
  const read = readNpz(path, MEDMNIST_NAMES)
  if (!read.ok) return read
  const fail = (problem: string, expected: string): { ok: false; problem: DataProblem } => ({
    ok: false,
    problem: { path, problem, expected, remedy },
  })
  const parts: Images[] = []
  for (const part of PARTS) {
    const [images, labels] = ['images', 'labels'].map((what) =>
      read.value.get(`${PREFIXES[part]}_${what}`),
    )
    if (images === undefined || labels === undefined)
      return fail(
        `has no ${PREFIXES[part]}_${images === undefined ? 'images' : 'labels'}`,
        `arrays called ${MEDMNIST_NAMES.join(', ')}`,
      )
    const found = imagesOf(images, labels)
    if (typeof found === 'string')
      return fail(
        `${found} as ${PREFIXES[part]}_images and ${PREFIXES[part]}_labels`,
        'uint8 [count, height, width] or [count, height, width, 3], and uint8 [count, 1]',
      )
    parts.push(found)
  }
  const [train, validation, test] = parts as [Images, Images, Images]
  if (parts.some((images) => imageSize(images) !== imageSize(train)))
    return fail('has images of several sizes', 'images of one size in all parts')
  const classes = 1 + train.labels.reduce((most, label) => Math.max(most, label), 0)
  return { ok: true, value: { train, validation, test, classes } }
}

/** The images that two arrays are, or what the arrays are where they are none. */
function imagesOf(images: NumberArray, labels: NumberArray): Images | string {
  const [count = 0, height = 0, width = 0, channels = 1] = images.shape
  const [labelCount, ...others] = labels.shape
  const isRight =
    images.type === 'uint8' &&
    images.values instanceof Uint8Array &&
    [3, 4].includes(images.shape.length) &&
    [1, 3].includes(channels) &&
    count > 0 &&
    labelCount === count &&
    others.every((extent) => extent === 1) &&
    labels.values.every((label) => label >= 0 && label < 256)
  if (!isRight)
    return `has ${describeArray(images.type, images.shape)} and ${describeArray(labels.type, labels.shape)}`
  const pixels = images.values as Uint8Array
  return { count, height, width, channels, pixels, labels: Uint8Array.from(labels.values) }
}

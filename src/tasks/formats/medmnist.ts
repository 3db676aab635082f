import { join } from 'node:path'
import type { DataProblem, DataResult } from '../data-file.ts'
import { imageSize, type ImagesInMemory, type ImageShape } from '../images.ts'
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
export interface MedMnist extends Readonly<Record<(typeof PARTS)[number], ImagesInMemory>> {
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
  const parts: ImagesInMemory[] = []
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
  const [train, validation, test] = parts as [ImagesInMemory, ImagesInMemory, ImagesInMemory]
  if (parts.some((images) => imageSize(images) !== imageSize(train)))
    return fail('has images of several sizes', 'images of one size in all parts')
  const classes = 1 + train.labels.reduce((most, label) => Math.max(most, label), 0)
  return { ok: true, value: { train, validation, test, classes } }
}

/** The images that two arrays are, or what the arrays are where they are none. */
function imagesOf(images: NumberArray, labels: NumberArray): ImagesInMemory | string {
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

/** One of the data sets of MedMNIST: the file `NAME.npz`. */
export interface MedMnistSet {
  readonly name: string
  readonly summary: string
  readonly classes: number
  /** Size of its images. */
  readonly shape: ImageShape
  readonly counts: Readonly<Record<(typeof PARTS)[number], number>>
  readonly remedy: string
}

function medMnistSet(
  name: string,
  what: string,
  classes: number,
  channels: 1 | 3,
  [train, validation, test]: readonly [number, number, number],
): MedMnistSet {
  const counted = [train, validation, test]
    .map((count) => count.toLocaleString('en-US'))
    .join(' + ')
  return {
    name,
    summary: `${counted} ${what} (MedMNIST, Yang et al.)`,
    classes,
    shape: { height: 28, width: 28, channels },
    counts: { train, validation, test },
    remedy: `take ${name}.npz from https://zenodo.org/records/10519652 and give its folder with --data DIR`,
  }
}

/** The data sets of MedMNIST version 2 with one class an image and at most 9 classes, as their authors count them. */
export const MEDMNIST_SETS: readonly MedMnistSet[] = [
  medMnistSet(
    'pathmnist',
    'pictures of tissue of the colon, 9 kinds',
    9,
    3,
    [89_996, 10_004, 7180],
  ),
  medMnistSet('dermamnist', 'pictures of skin, 7 diseases', 7, 3, [7007, 1003, 2005]),
  medMnistSet('octmnist', 'scans of retinas, 4 diagnoses', 4, 1, [97_477, 10_832, 1000]),
  medMnistSet(
    'pneumoniamnist',
    'X-rays of chests, with pneumonia or without',
    2,
    1,
    [4708, 524, 624],
  ),
  medMnistSet('breastmnist', 'ultrasound pictures of breasts, 2 diagnoses', 2, 1, [546, 78, 156]),
  medMnistSet('bloodmnist', 'pictures of blood cells, 8 kinds', 8, 3, [11_959, 1712, 3421]),
  medMnistSet(
    'tissuemnist',
    'pictures of cells of the kidney, 8 kinds',
    8,
    1,
    [165_466, 23_640, 47_280],
  ),
]

/** The images of `set` from its file in a folder. Other counts or classes are a problem. */
export function readMedMnistSet(set: MedMnistSet, directory: string): DataResult<MedMnist> {
  const { name, classes, counts, shape, remedy } = set
  const path = join(directory, `${name}.npz`)
  const read = readMedMnist(path, remedy)
  if (!read.ok) return read
  const describe = (
    of: (part: (typeof PARTS)[number]) => number,
    { height, width, channels }: ImageShape,
    ofClasses: number,
  ): string =>
    `${PARTS.map(of).join(' + ')} images of ${height}x${width}x${channels} in ${ofClasses} classes`
  const found = describe((part) => read.value[part].count, read.value.train, read.value.classes)
  const expected = describe((part) => counts[part], shape, classes)
  if (found === expected) return read
  return {
    ok: false,
    problem: { path, problem: `holds ${found}`, expected: `${expected} for ${name}`, remedy },
  }
}

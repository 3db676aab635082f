import { existsSync } from 'node:fs'
import { scaleImages } from './area-scaling.ts'
import { dataFilePath, type DataResult, type OpenOptions } from './data-file.ts'
import { DATA_SOURCES, loadData, type DataSource } from './data-set.ts'
import { decodeListing, holdsFolders, listParts } from './data-set-images.ts'
import { MEDMNIST_SETS, readMedMnistSet, type MedMnistSet } from './formats/medmnist.ts'
import { splitListing, type ImageListing, type Part } from './image-files/image-listing.ts'
import { IMAGE_SETS, listImageSet, type ImageSet } from './image-files/image-sets.ts'
import { splitImages, splitsOf, type ImageSplits } from './image-splits.ts'
import type { ImagesInMemory, ImageShape } from './images.ts'

/** Images with one class each that have a name: one row of {@link IMAGE_DATA}. */
export interface ImageData {
  readonly name: string
  readonly summary: string
  /** How to get it. */
  readonly remedy: string
  readonly classes: number
  /** Size of its images, or what they are decoded to where nothing else is asked for. */
  readonly shape: ImageShape
  /** How many of the training images validate where its files do not say which. */
  readonly validation: number
  /** Names by which a folder that has all of one list is known to hold it; files may be `.gz` too. */
  readonly marks: readonly (readonly string[])[]
  /** Folders searched when none is given, best first. */
  readonly directories: readonly string[]
  /** Whether a folder without the marks holds it nevertheless. */
  readonly holds?: (directory: string) => boolean
  /** What a folder has of it, labels and counts checked, nothing decoded. */
  readonly read: (directory: string) => DataResult<FoundImages>
}

/** What a folder has: bytes of images of one size, or image files, which can be decoded at any. */
export type FoundImages =
  | {
      readonly kind: 'bytes'
      readonly train: ImagesInMemory
      readonly validation?: ImagesInMemory
      readonly test: ImagesInMemory
    }
  | { readonly kind: 'files'; readonly listing: ImageListing }

/** What images that are scaled in memory may take there. */
const MOST_BYTES = 2 ** 31

/** The split of images whose files do not say which validate or test: the same in every run. */
const SPLIT_SEED = 1

/** The largest part of image files that are to train on that validates: somebody's files may be a few of the data set. */
const MOST_VALIDATION = 0.2

/**
 * Image files; where they do not say which validate, `validation` of those that train do, of each class its share, and never more than
 * {@link MOST_VALIDATION} of them.
 */
function filesOf(listed: DataResult<ImageListing>, validation: number): DataResult<FoundImages> {
  if (!listed.ok) return listed
  const { value } = listed
  const share =
    value.validation.length > 0 ? 0 : Math.min(validation / value.train.length, MOST_VALIDATION)
  const listing =
    share === 0 ? value : splitListing(value, { validation: share, test: 0 }, SPLIT_SEED)
  return { ok: true, value: { kind: 'files', listing } }
}

/** A data set in files of bytes, or with the same classes in folders of image files. */
export function ofSource(source: DataSource): ImageData {
  const { name, summary, remedy, classes, height, width, channels, validation } = source
  return {
    ...{ name, summary, remedy, classes, validation },
    shape: { height, width, channels },
    marks: [source.format.files.slice(0, 1)],
    directories: source.directories(),
    holds: (directory) => holdsFolders(directory, remedy),
    read: (directory) => {
      if (!isMarked(directory, source.format.files.slice(0, 1))) {
        return filesOf(listParts(source, directory), validation)
      }
      const data = loadData(source, directory)
      if (!data.ok) return data
      const { train, test } = data.value
      return { ok: true, value: { kind: 'bytes', train, test } }
    },
  }
}

/** A data set of image files. */
export function ofImageSet(set: ImageSet): ImageData {
  const { name, summary, remedy, classes, shape, validation, marks } = set
  return {
    ...{ name, summary, remedy, classes, shape, validation, marks },
    directories: [],
    read: (directory) => filesOf(listImageSet(set, directory, SPLIT_SEED), validation),
  }
}

/** A data set of MedMNIST. */
export function ofMedMnist(set: MedMnistSet): ImageData {
  const { name, summary, remedy, classes, shape } = set
  return {
    ...{ name, summary, remedy, classes, shape },
    validation: 0,
    marks: [[`${name}.npz`]],
    directories: [],
    read: (directory) => {
      const read = readMedMnistSet(set, directory)
      if (!read.ok) return read
      const { train, validation, test } = read.value
      return { ok: true, value: { kind: 'bytes', train, validation, test } }
    },
  }
}

/** How many images each part has, before those that validate are split off bytes. */
export function countParts(found: FoundImages): Readonly<Record<Part, number>> {
  if (found.kind === 'bytes')
    return {
      train: found.train.count,
      validation: found.validation?.count ?? 0,
      test: found.test.count,
    }
  const { train, validation, test } = found.listing
  return { train: train.length, validation: validation.length, test: test.length }
}

/** All images that have a name. */
export const IMAGE_DATA: readonly ImageData[] = [
  ...DATA_SOURCES.map(ofSource),
  ...IMAGE_SETS.map(ofImageSet),
  ...MEDMNIST_SETS.map(ofMedMnist),
]

/** The row of {@link IMAGE_DATA} with that name. */
export function findImageData(name: string): ImageData | undefined {
  return IMAGE_DATA.find((data) => data.name === name)
}

const isMarked = (directory: string, names: readonly string[]): boolean =>
  names.every((name) => existsSync(dataFilePath(directory, name)))

/** Whether a folder has the names by which `data` is known. Several rows may have the same. */
export function isMarkedAs({ marks }: ImageData, directory: string): boolean {
  return marks.some((names) => isMarked(directory, names))
}

/** The first folder that has the marks of `data`: `directory` alone when given, else the usual places. */
export function locateImageData(data: ImageData, directory?: string): DataResult<string> {
  const places = directory === undefined ? data.directories : [directory]
  const found =
    places.find((place) => isMarkedAs(data, place)) ??
    (directory !== undefined && data.holds?.(directory) === true ? directory : undefined)
  if (found !== undefined) return { ok: true, value: found }
  const files = data.marks.map((names) => names.join(' and ')).join(', or ')
  return {
    ok: false,
    problem: {
      path: places.length === 0 ? `the data set ${data.name}` : places.join(' or '),
      problem: places.length === 0 ? 'is in no folder that is given' : `holds no ${files}`,
      expected: `the folder of ${data.name}, known by ${files}`,
      remedy: data.remedy,
    },
  }
}

/** A shape with another height and width, or itself. */
export const imageShape = (shape: ImageShape, size?: number): ImageShape =>
  size === undefined ? shape : { ...shape, height: size, width: size }

/** How images are loaded. */
export interface ImageOptions extends OpenOptions {
  /** Height and width that they are decoded to; those of the row when absent. */
  readonly size?: number
}

/** The images of `data`: image files decoded to the size that is asked for, bytes scaled to it in memory. */
export async function loadImageData(
  data: ImageData,
  options: ImageOptions = {},
): Promise<DataResult<ImageSplits>> {
  const place = locateImageData(data, options.directory)
  if (!place.ok) return place
  const found = data.read(place.value)
  if (!found.ok) return found
  const shape = imageShape(data.shape, options.size)
  if (found.value.kind === 'files') return decodeListing(found.value.listing, shape, options)
  const { height, width, channels } = shape
  const { train, validation, test } = found.value
  const images = train.count + (validation?.count ?? 0) + test.count
  const bytes = images * height * width * channels
  if (bytes > MOST_BYTES)
    return {
      ok: false,
      problem: {
        path: place.value,
        problem: `holds ${images} images, which take ${bytes} bytes at ${height}x${width}x${channels}`,
        expected: `at most ${MOST_BYTES} bytes`,
        remedy: 'ask for smaller images, or give image files in a folder for each class',
      },
    }
  const scaled = (of: ImagesInMemory): ImagesInMemory => scaleImages(of, height, width)
  const { classes } = data
  return {
    ok: true,
    value:
      validation === undefined
        ? splitImages({ train: scaled(train), test: scaled(test), classes }, data.validation)
        : splitsOf({
            train: scaled(train),
            validation: scaled(validation),
            test: scaled(test),
            classes,
          }),
  }
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { dataFilePath, type DataProblem, type DataResult } from './data-file.ts'
import { loadData, type DataSource } from './data-set.ts'
import {
  listImageFolder,
  PARTS,
  readFolder,
  splitListing,
  type ImageListing,
  type Part,
} from './image-files/image-listing.ts'
import { loadImages } from './image-files/load-images.ts'
import { splitImages, splitsOf, type ImageSplits } from './image-splits.ts'
import type { Images, ImageShape } from './images.ts'
import type { OpenOptions } from './open-task.ts'

/** The split of images whose folders do not say which validate: the same in every run. */
const SPLIT_SEED = 1

/**
 * The data set `source`: its files, or in a folder that is given and has none of them a folder of image files for each class below
 * `train` and `test`, decoded to its size. `validationCount` of the training images validate, the last ones of the file, or of each
 * class its share.
 */
export async function loadDataSet(
  source: DataSource,
  validationCount: number,
  options: OpenOptions = {},
): Promise<DataResult<ImageSplits>> {
  const { directory } = options
  if (directory !== undefined && holdsFolders(directory, source)) {
    const listed = listParts(source, directory)
    if (!listed.ok) return listed
    const share = validationCount / listed.value.train.length
    const listing = splitListing(listed.value, { validation: share, test: 0 }, SPLIT_SEED)
    return decodeListing(listing, source, options)
  }
  const data = loadData(source, directory)
  return data.ok ? { ok: true, value: splitImages(data.value, validationCount) } : data
}

function holdsFolders(directory: string, { format, remedy }: DataSource): boolean {
  if (existsSync(dataFilePath(directory, format.files[0]!))) return false
  const found = readFolder(directory, '', remedy)
  return found.ok && found.value.folders.length > 0
}

function listParts(source: DataSource, directory: string): DataResult<ImageListing> {
  const listed = listImageFolder(directory, source.remedy)
  if (!listed.ok) return listed
  const { classes, train, test } = listed.value
  const fail = (problem: string, expected: string): { ok: false; problem: DataProblem } => ({
    ok: false,
    problem: { path: directory, problem, expected, remedy: source.remedy },
  })
  if (classes.length !== source.classes)
    return fail(
      `holds folders of ${classes.length} classes`,
      `the ${source.classes} classes of ${source.name}`,
    )
  if (test.length === 0 || train.length === 0)
    return fail('holds no folder test', `folders train and test for ${source.name}`)
  return listed
}

/** All parts of a listing in memory, scaled to `shape`. The training and the validation part must have images. */
export async function decodeListing(
  listing: ImageListing,
  { height, width, channels }: ImageShape,
  options: OpenOptions,
): Promise<DataResult<ImageSplits>> {
  const shape = { height, width, channels }
  const total = PARTS.reduce((sum, part) => sum + listing[part].length, 0)
  const parts: Partial<Record<Part, Images>> = {}
  let before = 0
  for (const part of PARTS) {
    const done = before
    const loaded = await loadImages(listing, part, shape, {
      ...(options.cache !== undefined && { cache: options.cache }),
      ...(options.signal && { signal: options.signal }),
      onProgress: (count) => options.onProgress?.(done + count, total),
    })
    if (!loaded.ok) return loaded
    parts[part] = loaded.value
    before += listing[part].length
  }
  const { train, validation, test } = parts as Record<Part, Images>
  return {
    ok: true,
    value: splitsOf({ train, validation, test, classes: listing.classes.length }),
  }
}

/** Where decoded images of a command in the folder `cwd` are kept. */
export const imageCache = (cwd: string): string => join(cwd, '.optc-cache')

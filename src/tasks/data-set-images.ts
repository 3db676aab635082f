import { join } from 'node:path'
import type { DataProblem, DataResult, OpenOptions } from './data-file.ts'
import type { DataSource } from './data-set.ts'
import {
  listImageFolder,
  PARTS,
  readFolder,
  type ImageListing,
  type Part,
} from './image-files/image-listing.ts'
import { loadImages } from './image-files/load-images.ts'
import { splitsOf, type ImageSplits } from './image-splits.ts'
import type { Images, ImageShape } from './images.ts'

/** Whether there are folders in the folder. */
export function holdsFolders(directory: string, remedy: string): boolean {
  const found = readFolder(directory, '', remedy)
  return found.ok && found.value.folders.length > 0
}

/** The images of `source` as image files: a folder for each of its classes below `train` and `test`. */
export function listParts(source: DataSource, directory: string): DataResult<ImageListing> {
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

/** All parts of a listing, scaled to `shape`. A training or validation part without images is a problem. */
export async function decodeListing(
  listing: ImageListing,
  { height, width, channels }: ImageShape,
  options: OpenOptions,
): Promise<DataResult<ImageSplits>> {
  const shape = { height, width, channels }
  const empty = (['train', 'validation'] as const).find((part) => listing[part].length === 0)
  if (empty !== undefined)
    return {
      ok: false,
      problem: {
        path: listing.root,
        problem: `holds too few images: none is left for the part ${empty}`,
        expected: 'several images of each class',
        remedy: 'add images, or split them otherwise',
      },
    }
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

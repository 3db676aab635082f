import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { childKey, createRandom, rootKey } from '../../operators/random.ts'
import type { DataResult } from '../data-file.ts'
import { insideFolder } from '../formats/inside-folder.ts'

/** A file with one image of a known class. */
export interface ListedImage {
  /** Below the folder of the data set, with `/`. */
  readonly path: string
  readonly label: number
  /** Size of the file. */
  readonly bytes: number
  /** When it was last changed, in milliseconds. */
  readonly modified: number
}

/** The parts of a data set. */
export const PARTS = ['train', 'validation', 'test'] as const
export type Part = (typeof PARTS)[number]

/** Which images a folder holds; nothing is decoded yet. */
export interface ImageListing extends Readonly<Record<Part, readonly ListedImage[]>> {
  /** The folder, an absolute path. */
  readonly root: string
  /** Names by label. */
  readonly classes: readonly string[]
}

/** Endings of the names of files that are decoded. */
export const IMAGE_ENDINGS = ['jpg', 'jpeg', 'png', 'webp', 'gif', 'tif', 'tiff']

/** Labels are bytes. */
const MOST_CLASSES = 256

/** Whether a file's name is one of an image. */
export function isImageName(name: string): boolean {
  return (
    !name.startsWith('.') &&
    IMAGE_ENDINGS.includes(/\.([^.]*)$/.exec(name)?.[1]?.toLowerCase() ?? '')
  )
}

/** What a folder holds, links followed: those that lead out of `root` are a problem. */
export interface FolderEntries {
  readonly folders: readonly string[]
  readonly files: readonly string[]
}

/** The names in the folder `path` below `root`, sorted by their characters. Hidden ones are left out. */
export function readFolder(root: string, path: string, remedy: string): DataResult<FolderEntries> {
  const folder = join(root, path)
  if (path !== '') {
    const place = insideFolder(root, path, remedy)
    if (!place.ok) return place
  }
  const folders: string[] = []
  const files: string[] = []
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue
      let isFolder = entry.isDirectory()
      if (entry.isSymbolicLink()) {
        const target = insideFolder(root, join(path, entry.name), remedy)
        if (!target.ok) return target
        isFolder = statSync(target.value).isDirectory()
      }
      ;(isFolder ? folders : files).push(entry.name)
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const problem =
      code === 'ENOENT'
        ? 'does not exist'
        : code === 'ENOTDIR'
          ? 'is no folder'
          : `cannot be read (${String(code ?? error)})`
    return { ok: false, problem: { path: folder, problem, expected: 'a folder', remedy } }
  }
  return { ok: true, value: { folders: folders.sort(), files: files.sort() } }
}

/** The image at `path` below `root`, which must be a file inside it. */
export function listImage(
  root: string,
  path: string,
  label: number,
  remedy: string,
): DataResult<ListedImage> {
  const place = insideFolder(root, path, remedy)
  return place.ok ? describeImage(root, path, label, remedy) : place
}

/** The image at a path that is known to be inside. */
function describeImage(
  root: string,
  path: string,
  label: number,
  remedy: string,
): DataResult<ListedImage> {
  const stats = statSync(join(root, path))
  if (stats.isFile())
    return { ok: true, value: { path, label, bytes: stats.size, modified: stats.mtimeMs } }
  return {
    ok: false,
    problem: { path: join(root, path), problem: 'is no file', expected: 'an image', remedy },
  }
}

/** The values of results, or the first problem. */
export function collect<T, R>(
  items: readonly T[],
  of: (item: T) => DataResult<R>,
): DataResult<readonly R[]> {
  const values: R[] = []
  for (const item of items) {
    const result = of(item)
    if (!result.ok) return result
    values.push(result.value)
  }
  return { ok: true, value: values }
}

/**
 * The images of a folder with a folder for each class, or of one with such folders for the parts: `train`, and `test` and
 * `val` where they are there. The classes are those of the training part. A class without images is a problem.
 */
export function listImageFolder(
  root: string,
  remedy: string,
  leftOut: readonly string[] = [],
): DataResult<ImageListing> {
  const top = readFolder(root, '', remedy)
  if (!top.ok) return top
  const { folders } = top.value
  const find = (names: readonly string[]): string | undefined =>
    names.find((name) => folders.includes(name))
  const own = find(['train', 'training'])
  const names = {
    train: own ?? '',
    validation: own === undefined ? undefined : find(['val', 'valid', 'validation']),
    test: own === undefined ? undefined : find(['test', 'testing']),
  }
  const below = readFolder(root, names.train, remedy)
  if (!below.ok) return below
  const classes = below.value.folders.filter((name) => !leftOut.includes(name))
  const fail = (path: string, problem: string, expected: string): DataResult<ImageListing> => ({
    ok: false,
    problem: { path, problem, expected, remedy },
  })
  const place = join(root, names.train)
  if (classes.length < 2)
    return fail(
      place,
      `holds ${classes.length === 1 ? `only the folder ${classes[0]}` : 'no folders'}`,
      'a folder of images for each of two or more classes',
    )
  if (classes.length > MOST_CLASSES)
    return fail(place, `holds ${classes.length} folders`, `at most ${MOST_CLASSES} classes`)
  const parts: Record<Part, readonly ListedImage[]> = { train: [], validation: [], test: [] }
  for (const part of PARTS) {
    const name = names[part]
    if (name === undefined) continue
    const listed = listClasses(root, name, classes, leftOut, remedy)
    if (!listed.ok) return listed
    parts[part] = listed.value
  }
  return { ok: true, value: { root, classes, ...parts } }
}

function listClasses(
  root: string,
  part: string,
  classes: readonly string[],
  leftOut: readonly string[],
  remedy: string,
): DataResult<readonly ListedImage[]> {
  const found = readFolder(root, part, remedy)
  if (!found.ok) return found
  const strange = found.value.folders.find(
    (name) => !classes.includes(name) && !leftOut.includes(name),
  )
  if (strange !== undefined)
    return {
      ok: false,
      problem: {
        path: join(root, part, strange),
        problem: 'is no class of the training part',
        expected: `one of ${classes.join(', ')}`,
        remedy,
      },
    }
  const listed = collect([...classes.entries()], ([label, name]) =>
    listImages(root, [part, name].filter(Boolean).join('/'), label, remedy),
  )
  return listed.ok ? { ok: true, value: listed.value.flat() } : listed
}

/** The images in one folder, all of one class, of which there must be one. */
export function listImages(
  root: string,
  folder: string,
  label: number,
  remedy: string,
): DataResult<readonly ListedImage[]> {
  const entries = readFolder(root, folder, remedy)
  if (!entries.ok) return entries
  const images = entries.value.files.filter(isImageName)
  if (images.length === 0)
    return {
      ok: false,
      problem: {
        path: join(root, folder),
        problem: 'holds no images',
        expected: `files that end in ${IMAGE_ENDINGS.map((ending) => `.${ending}`).join(', ')}`,
        remedy,
      },
    }
  return collect(images, (name) => describeImage(root, `${folder}/${name}`, label, remedy))
}

/** How images without a split of their own are split, each class on its own. */
export type Split =
  /** Parts of every class, from 0 to 1; the rest trains. */
  | { readonly validation: number; readonly test: number }
  /** As many images of every class to train on; the rest tests. */
  | { readonly train: number }

/** Splits the training part of a listing anew: the same images for the same names, classes and seed. */
export function splitListing(listing: ImageListing, split: Split, seed: number): ImageListing {
  const parts: Record<Part, ListedImage[]> = {
    train: [],
    validation: [...listing.validation],
    test: [...listing.test],
  }
  for (const [label, name] of listing.classes.entries()) {
    const images = listing.train.filter((image) => image.label === label)
    const shuffled = createRandom(childKey(rootKey(seed), 'split', name)).shuffle(images)
    const test =
      'train' in split
        ? Math.max(0, images.length - split.train)
        : Math.round(images.length * split.test)
    const validation = 'train' in split ? 0 : Math.round(images.length * split.validation)
    parts.test.push(...shuffled.slice(0, test))
    parts.validation.push(...shuffled.slice(test, test + validation))
    parts.train.push(...shuffled.slice(test + validation))
  }
  return { ...listing, ...parts }
}

/** How many images of each class a part has. */
export function countClasses(listing: ImageListing, part: Part): readonly number[] {
  const counts = listing.classes.map(() => 0)
  for (const { label } of listing[part]) counts[label]! += 1
  return counts
}

/** A digest, in hexadecimal, of what a cache of these images rests on: names, classes, sizes and times of the files. */
export function digestOf(images: readonly ListedImage[]): string {
  const hash = createHash('sha256')
  for (const { path, label, bytes, modified } of images)
    hash.update(JSON.stringify([path, label, bytes, modified]))
  return hash.digest('hex')
}

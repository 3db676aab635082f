import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DataResult } from '../data-file.ts'
import { readMat, type MatValue } from '../formats/mat.ts'
import { readFormat } from '../formats/byte-reader.ts'
import { decodeText } from '../formats/csv.ts'
import {
  collect,
  listImage,
  listImages,
  PARTS,
  type ImageListing,
  type ListedImage,
  type Part,
} from './image-listing.ts'

type Variables = ReadonlyMap<string, MatValue>

/** The files beside the images of Oxford Flowers 102 (Nilsback and Zisserman, 2008): labels, and which images train. */
export const FLOWERS_FILES = {
  labels: 'imagelabels.mat',
  parts: 'setid.mat',
  images: 'jpg',
} as const

/** Lists Flowers102: images `jpg/image_00001.jpg` and so on, whose classes from 1 to 102 have no names in the files. */
export function listFlowers(root: string, remedy: string): DataResult<ImageListing> {
  const files = [FLOWERS_FILES.labels, FLOWERS_FILES.parts].map((name) => join(root, name))
  const read = collect(files, readMat)
  if (!read.ok) return read
  const [labelsPath, partsPath] = files as [string, string]
  const labels = numbersOf(read.value[0]!, 'labels', labelsPath, remedy)
  if (!labels.ok) return labels
  const classes = Math.max(...labels.value)
  const wrong = labels.value.findIndex(
    (label) => !Number.isInteger(label) || label < 1 || label > 256,
  )
  if (wrong >= 0) return badLabel(labelsPath, labels.value[wrong]!, wrong, remedy)
  const sources = { train: 'trnid', validation: 'valid', test: 'tstid' } as const
  const parts: Record<Part, readonly ListedImage[]> = { train: [], validation: [], test: [] }
  for (const part of PARTS) {
    const numbers = numbersOf(read.value[1]!, sources[part], partsPath, remedy)
    if (!numbers.ok) return numbers
    const listed = collect(numbers.value, (number): DataResult<ListedImage> => {
      const label = labels.value[number - 1]
      if (label === undefined)
        return {
          ok: false,
          problem: {
            path: partsPath,
            problem: `names image ${number} in ${sources[part]}`,
            expected: `numbers from 1 to ${labels.value.length}, one for each label of ${labelsPath}`,
            remedy,
          },
        }
      const name = `${FLOWERS_FILES.images}/image_${String(number).padStart(5, '0')}.jpg`
      return listImage(root, name, label - 1, remedy)
    })
    if (!listed.ok) return listed
    parts[part] = listed.value
  }
  const names = Array.from({ length: classes }, (_, index) => String(index + 1))
  return { ok: true, value: { root, classes: names, ...parts } }
}

/** The file with all labels of Stanford Cars (Krause et al., 2013), whose images are in `car_ims`. */
export const CARS_FILE = 'cars_annos.mat'

/** The files of the same with its development kit, whose images are in `cars_train` and `cars_test`. */
export const CARS_KIT = {
  names: 'devkit/cars_meta.mat',
  train: 'devkit/cars_train_annos.mat',
  test: 'devkit/cars_test_annos_withlabels.mat',
} as const

/** A file of records that say an image's path and its class. */
interface CarRecords {
  readonly path: string
  /** Folder of the images below the root, with `/` at its end, or nothing. */
  readonly folder: string
  readonly pathField: string
  /** Which of the images it is about; each record says where it tests when absent. */
  readonly part?: 'train' | 'test'
}

/** Lists Cars196: the records of {@link CARS_FILE} say an image's path, its class from 1, and whether it tests; else those of {@link CARS_KIT}. */
export function listCars(root: string, remedy: string): DataResult<ImageListing> {
  const whole = join(root, CARS_FILE)
  if (existsSync(whole))
    return listCarRecords(
      root,
      whole,
      [{ path: whole, folder: '', pathField: 'relative_im_path' }],
      remedy,
    )
  const kit = (part: 'train' | 'test'): CarRecords => ({
    path: join(root, CARS_KIT[part]),
    folder: `cars_${part}/`,
    pathField: 'fname',
    part,
  })
  return listCarRecords(root, join(root, CARS_KIT.names), [kit('train'), kit('test')], remedy)
}

function listCarRecords(
  root: string,
  namesPath: string,
  sources: readonly CarRecords[],
  remedy: string,
): DataResult<ImageListing> {
  const classes = classNames(namesPath, remedy)
  if (!classes.ok) return classes
  const parts: Record<'train' | 'test', ListedImage[]> = { train: [], test: [] }
  for (const source of sources) {
    const records = readCarRecords(source, remedy)
    if (!records.ok) return records
    for (const [index, { name, label, part }] of records.value.entries()) {
      if (!(label >= 1 && label <= classes.value.length))
        return badLabel(source.path, label, index, remedy)
      const listed = listImage(root, `${source.folder}${name}`, label - 1, remedy)
      if (!listed.ok) return listed
      parts[part].push(listed.value)
    }
  }
  return { ok: true, value: { root, classes: classes.value, ...parts, validation: [] } }
}

function classNames(path: string, remedy: string): DataResult<readonly string[]> {
  const read = readMat(path)
  if (!read.ok) return read
  const names = read.value.get('class_names')
  const classes = names?.kind === 'cell' ? names.values.map(textOf) : undefined
  if (classes?.every((name) => name !== undefined) === true) return { ok: true, value: classes }
  return {
    ok: false,
    problem: {
      path,
      problem: 'has no class_names',
      expected: 'a cell array of texts called class_names',
      remedy,
    },
  }
}

function readCarRecords(
  { path, pathField, part }: CarRecords,
  remedy: string,
): DataResult<
  readonly { readonly name: string; readonly label: number; readonly part: 'train' | 'test' }[]
> {
  const read = readMat(path)
  if (!read.ok) return read
  const fail = <T>(problem: string, expected: string): DataResult<T> => ({
    ok: false,
    problem: { path, problem, expected, remedy },
  })
  const annotations = read.value.get('annotations')
  const fields = annotations?.kind === 'struct' ? annotations.fields : undefined
  const [names, labels, tests] = [pathField, 'class', 'test'].map((name) => fields?.get(name))
  const wanted = [pathField, 'class', ...(part === undefined ? ['test'] : [])]
  if (names === undefined || labels === undefined || (part ?? tests) === undefined)
    return fail('has no annotations', `a struct array annotations with ${wanted.join(', ')}`)
  return collect([...names.entries()], ([index, value]) => {
    const name = textOf(value)
    if (name === undefined) return fail(`has no path in record ${index + 1}`, 'a text')
    const tested = tests?.[index]
    const found = tested !== undefined && numberOf(tested) === 1 ? 'test' : 'train'
    return {
      ok: true,
      value: { name, label: numberOf(labels[index]!) ?? NaN, part: part ?? found },
    }
  })
}

/** The text files of TinyImageNet-200 (CS231n): classes, their names, and the classes of the images in `val`. */
export const TINY_FILES = {
  classes: 'wnids.txt',
  names: 'words.txt',
  labels: 'val/val_annotations.txt',
} as const

/**
 * Lists TinyImageNet-200: `train/CLASS/images`, and `val/images`, which tests, since the labels of `test` were never given out.
 * Classes are called by their first word in {@link TINY_FILES}, where that file is there.
 */
export function listTinyImageNet(root: string, remedy: string): DataResult<ImageListing> {
  const classes = readLines(join(root, TINY_FILES.classes), remedy)
  if (!classes.ok) return classes
  const ids = classes.value.map((line) => line.trim())
  const training = collect([...ids.entries()], ([label, id]) =>
    listImages(root, `train/${id}/images`, label, remedy),
  )
  if (!training.ok) return training
  const path = join(root, TINY_FILES.labels)
  const lines = readLines(path, remedy)
  if (!lines.ok) return lines
  const test = collect([...lines.value.entries()], ([index, line]): DataResult<ListedImage> => {
    const [file = '', id = ''] = line.split('\t')
    const label = ids.indexOf(id)
    if (label < 0)
      return {
        ok: false,
        problem: {
          path,
          problem: `has the class ${JSON.stringify(id)} in line ${index + 1}`,
          expected: `an image, a tab and a class of ${TINY_FILES.classes}`,
          remedy,
        },
      }
    return listImage(root, `val/images/${file}`, label, remedy)
  })
  if (!test.ok) return test
  const names = wordNames(join(root, TINY_FILES.names))
  return {
    ok: true,
    value: {
      root,
      classes: ids.map((id) => names.get(id) ?? id),
      train: training.value.flat(),
      validation: [],
      test: test.value,
    },
  }
}

function wordNames(path: string): ReadonlyMap<string, string> {
  if (!existsSync(path)) return new Map()
  const lines = readFileSync(path, 'utf8').split(/\r?\n/)
  return new Map(
    lines.map((line) => {
      const [id = '', words = ''] = line.split('\t')
      return [id, words.split(',')[0]!.trim()]
    }),
  )
}

function readLines(path: string, remedy: string): DataResult<readonly string[]> {
  return readFormat(path, { expected: 'lines of UTF-8 text', remedy }, (bytes) =>
    decodeText(bytes)
      .split(/\r?\n/)
      .filter((line) => line !== ''),
  )
}

function badLabel<T>(path: string, label: number, index: number, remedy: string): DataResult<T> {
  return {
    ok: false,
    problem: {
      path,
      problem: `has label ${label} at position ${index}`,
      expected: 'whole numbers from 1 to the number of classes, which is at most 256',
      remedy,
    },
  }
}

function numbersOf(
  variables: Variables,
  name: string,
  path: string,
  remedy: string,
): DataResult<readonly number[]> {
  const value = variables.get(name)
  if (value?.kind === 'numbers' && value.values.length > 0)
    return { ok: true, value: [...value.values] }
  return {
    ok: false,
    problem: {
      path,
      problem: `has no numbers called ${name}`,
      expected: 'a row of numbers',
      remedy,
    },
  }
}

const textOf = (value: MatValue): string | undefined =>
  value.kind === 'text' && value.rows.length === 1 ? value.rows[0] : undefined

const numberOf = (value: MatValue): number | undefined =>
  value.kind === 'numbers' && value.values.length === 1 ? value.values[0] : undefined

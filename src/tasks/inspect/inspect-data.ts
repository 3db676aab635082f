import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { dataFilePath, type DataResult } from '../data-file.ts'
import { readTable, type Column } from '../formats/csv.ts'
import { MEDMNIST_NAMES, readMedMnist } from '../formats/medmnist.ts'
import { readMat, type MatValue } from '../formats/mat.ts'
import { readNpy } from '../formats/npy.ts'
import { readNpz } from '../formats/npz.ts'
import type { NumberArray } from '../formats/number-array.ts'
import { readSafetensors } from '../formats/safetensors.ts'
import { PENN_TREEBANK, readWords, readWordText } from '../formats/word-text.ts'
import { readIdx } from '../idx.ts'
import { IMAGE_DATA, isMarkedAs } from '../image-data.ts'
import { isImageName } from '../image-files/image-listing.ts'
import {
  mapResult,
  type ArrayFacts,
  type ColumnFacts,
  type DataDescription,
} from './description.ts'
import { describeImage, describeImageFiles, describeKnownImages, ofImages } from './images.ts'

/** What a path is, as far as its name and its first bytes tell. */
interface Found {
  readonly path: string
  readonly isFolder: boolean
  /** In lower case, without `.gz`. */
  readonly name: string
  readonly start: Buffer
}

/** A kind of data, and how it is looked at. The first that knows a path has it. */
interface Inspector {
  readonly knows: (found: Found) => boolean
  readonly describe: (
    path: string,
  ) => DataResult<DataDescription> | Promise<DataResult<DataDescription>>
}

const REMEDY = 'mend or replace it'

const startsWith = ({ start }: Found, mark: string): boolean =>
  start.toString('latin1').startsWith(mark)

const hasAll = (path: string, names: readonly string[]): boolean =>
  names.every((name) => existsSync(dataFilePath(path, name)))

const INSPECTORS: readonly Inspector[] = [
  {
    knows: ({ isFolder, path }) => isFolder && IMAGE_DATA.some((data) => isMarkedAs(data, path)),
    describe: describeKnownImages,
  },
  {
    knows: ({ isFolder, path }) => isFolder && hasAll(path, Object.values(PENN_TREEBANK.files)),
    describe: describeWordText,
  },
  { knows: ({ isFolder }) => isFolder, describe: describeImageFiles },
  {
    knows: (found) => found.name.endsWith('.npy') || startsWith(found, '\x93NUMPY'),
    describe: (path) => ofArrays('array of NumPy', readNpy(path), (array) => [['array', array]]),
  },
  {
    knows: (found) => found.name.endsWith('.npz') || startsWith(found, 'PK\x03\x04'),
    describe: describeArchive,
  },
  {
    knows: (found) => found.name.endsWith('.mat') || startsWith(found, 'MATLAB '),
    describe: describeMat,
  },
  { knows: ({ name }) => name.endsWith('.safetensors'), describe: describeSafetensors },
  {
    knows: ({ name, start }) =>
      /idx\d-ubyte$/.test(name) || /^\0\0\x08[\x01-\x04]/.test(start.toString('latin1')),
    describe: describeIdx,
  },
  { knows: ({ name }) => /\.(csv|tsv)$/.test(name), describe: describeTable },
  { knows: ({ name }) => isImageName(name), describe: describeImage },
  { knows: ({ name }) => name.endsWith('.txt'), describe: describeWords },
]

/** What `path` would be read as: its arrays, columns, parts or classes. Reads all of a file, and of images the headers of some. */
export async function inspectData(path: string): Promise<DataResult<DataDescription>> {
  const found = lookAt(path)
  if (!found.ok) return found
  const inspector = INSPECTORS.find(({ knows }) => knows(found.value))
  if (inspector !== undefined) return inspector.describe(path)
  return {
    ok: false,
    problem: {
      path,
      problem: 'is of no known format',
      expected:
        '.npy, .npz, .mat, .safetensors, .csv, .tsv, .txt, IDX, an image, or a folder of images by class',
      remedy: 'give the file an ending that says what it is',
    },
  }
}

function lookAt(path: string): DataResult<Found> {
  const name = basename(path).toLowerCase().replace(/\.gz$/, '')
  try {
    const isFolder = statSync(path).isDirectory()
    if (isFolder) return { ok: true, value: { path, isFolder, name, start: Buffer.alloc(0) } }
    const handle = openSync(path, 'r')
    try {
      const start = Buffer.alloc(16)
      const length = readSync(handle, start)
      return { ok: true, value: { path, isFolder, name, start: start.subarray(0, length) } }
    } finally {
      closeSync(handle)
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    const problem = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`
    return { ok: false, problem: { path, problem, expected: 'a file or a folder', remedy: REMEDY } }
  }
}

function ofArrays<T>(
  kind: string,
  result: DataResult<T>,
  arrays: (value: T) => Iterable<readonly [string, NumberArray]>,
): DataResult<DataDescription> {
  return mapResult(result, (value) => ({ kind, facts: [], arrays: arrayFacts(arrays(value)) }))
}

const arrayFacts = (arrays: Iterable<readonly [string, NumberArray]>): readonly ArrayFacts[] =>
  [...arrays].map(([name, { type, shape }]) => ({ name, type, shape }))

function describeArchive(path: string): DataResult<DataDescription> {
  const read = readNpz(path)
  const description = ofArrays('arrays of NumPy', read, (arrays) => arrays)
  if (!read.ok || !description.ok || !MEDMNIST_NAMES.every((name) => read.value.has(name)))
    return description
  return mapResult(readMedMnist(path, REMEDY), ({ classes, train, validation, test }) => {
    const names = Array.from({ length: classes }, (_, label) => String(label))
    return {
      ...description.value,
      ...ofImages('images and labels as in MedMNIST', { train, validation, test }, names),
    }
  })
}

function describeMat(path: string): DataResult<DataDescription> {
  return mapResult(readMat(path), (variables) => ({
    kind: 'variables of MATLAB',
    facts: [],
    arrays: [...variables].flatMap(([name, value]) => matFacts(name, value)),
  }))
}

function matFacts(name: string, value: MatValue): readonly ArrayFacts[] {
  switch (value.kind) {
    case 'numbers':
      return [{ name, type: value.type, shape: value.shape }]
    case 'text':
      return [{ name, type: 'text', shape: [value.rows.length] }]
    case 'cell':
      return [{ name, type: 'cell', shape: value.shape }]
    case 'struct':
      return [
        { name, type: 'struct', shape: value.shape },
        ...[...value.fields.keys()].map((field) => ({
          name: `${name}.${field}`,
          type: 'field',
          shape: value.shape,
        })),
      ]
    case 'other':
      return [{ name, type: `${value.what}, not read`, shape: [] }]
  }
}

function describeSafetensors(path: string): DataResult<DataDescription> {
  return mapResult(readSafetensors(path), ({ tensors, metadata }) => ({
    kind: 'safetensors',
    facts: [
      `${[...tensors.values()].reduce((sum, { values }) => sum + values.length, 0)} numbers in ${tensors.size} tensors`,
      ...[...metadata].map(([name, text]) => `${name}: ${text}`),
    ],
    arrays: arrayFacts(tensors),
  }))
}

function describeIdx(path: string): DataResult<DataDescription> {
  return ofArrays('IDX', readIdx(path, undefined, REMEDY), ({ shape, values }) => [
    ['array', { type: 'uint8', shape, values }],
  ])
}

function describeTable(path: string): DataResult<DataDescription> {
  return mapResult(readTable(path), ({ columns, rows, hasHeader }) => ({
    kind: 'table',
    facts: [`${rows} rows, ${hasHeader ? 'named by the first line' : 'without a line of names'}`],
    parts: { rows },
    columns: columns.map(columnFacts),
  }))
}

function columnFacts(column: Column): ColumnFacts {
  const { name, kind } = column
  if (column.kind === 'categories') {
    const { categories, values } = column
    const missing = values.filter((value) => value < 0).length
    const some = categories.slice(0, 3).join(', ')
    const text = categories.length > 3 ? `${categories.length}: ${some}, ...` : some
    return { name, kind, missing, values: text }
  }
  const known = column.values.filter((value) => !Number.isNaN(value))
  const [smallest, largest] = known.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  )
  const values = known.length === 0 ? 'none' : `${smallest} to ${largest}`
  return { name, kind, missing: column.values.length - known.length, values }
}

function describeWords(path: string): DataResult<DataDescription> {
  return mapResult(readWords(path, REMEDY), (words) => ({
    kind: 'text in words',
    facts: [`${words.length} words, ends of lines among them, ${new Set(words).size} different`],
    parts: { words: words.length },
  }))
}

function describeWordText(path: string): DataResult<DataDescription> {
  const { counts: _, ...any } = PENN_TREEBANK
  return mapResult(readWordText(any, path), ({ vocabulary, train, validation, test }) => ({
    kind: 'text in words, in three parts',
    facts: [`${vocabulary.length} different words`],
    parts: { train: train.length, validation: validation.length, test: test.length },
  }))
}

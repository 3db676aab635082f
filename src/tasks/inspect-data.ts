import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { DATA_SOURCES, loadData, locateData, type DataSet } from './data-set.ts'
import { dataFilePath, type DataResult } from './data-file.ts'
import { readTable, type Column } from './formats/csv.ts'
import { MEDMNIST_NAMES, readMedMnist } from './formats/medmnist.ts'
import { readMat, type MatValue } from './formats/mat.ts'
import { readNpy } from './formats/npy.ts'
import { readNpz } from './formats/npz.ts'
import type { NumberArray } from './formats/number-array.ts'
import { readSafetensors } from './formats/safetensors.ts'
import { PENN_TREEBANK, readWords, readWordText } from './formats/word-text.ts'
import { readIdx } from './idx.ts'
import { loadDecoder } from './image-files/decode-image.ts'
import {
  countClasses,
  isImageName,
  listImageFolder,
  PARTS,
  type ImageListing,
} from './image-files/image-listing.ts'
import { listImageSet, recognizeImageSet } from './image-files/image-sets.ts'
import { loadImages } from './image-files/load-images.ts'
import { imageSize, type Images, type ImageShape } from './images.ts'

/** What a file or a folder would be read as. */
export interface DataDescription {
  /** `array of NumPy`. */
  readonly kind: string
  /** What else there is to say, a line each. */
  readonly facts: readonly string[]
  readonly arrays?: readonly ArrayFacts[]
  readonly columns?: readonly ColumnFacts[]
  /** How many images, rows or words each part has. */
  readonly parts?: Readonly<Record<string, number>>
  /** For every class how many images of it each part has. */
  readonly classes?: Readonly<Record<string, readonly number[]>>
  /** Up to `count` images, spread over the data. */
  readonly samples?: (count: number) => Promise<DataResult<Images>>
}

/** An array, or what is in its place. */
export interface ArrayFacts {
  readonly name: string
  readonly type: string
  readonly shape: readonly number[]
}

export interface ColumnFacts {
  readonly name: string
  readonly kind: Column['kind']
  readonly missing: number
  /** The range of numbers, or how many categories there are. */
  readonly values: string
}

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
    knows: ({ isFolder, path }) =>
      isFolder && DATA_SOURCES.some((source) => locateData(source, path).ok),
    describe: describeKnownFiles,
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

/** `of` a value, or its problem. */
function mapResult<T, R>(result: DataResult<T>, of: (value: T) => R): DataResult<R> {
  return result.ok ? { ok: true, value: of(result.value) } : result
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
  const dimensions = /idx(\d)-ubyte/i.exec(basename(path))?.[1]
  const found = lookAt(path)
  if (!found.ok) return found
  const count = dimensions === undefined ? found.value.start[3]! : Number(dimensions)
  return ofArrays('IDX', readIdx(path, count, REMEDY), ({ shape, values }) => [
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

/** A folder with the files of one of the data sets in memory: of several that have the same names, the one that fits. */
function describeKnownFiles(path: string): DataResult<DataDescription> {
  const results = DATA_SOURCES.filter((source) => locateData(source, path).ok).map((source) =>
    loadData(source, path),
  )
  const result: DataResult<DataSet> = results.find(({ ok }) => ok) ?? results[0]!
  return mapResult(result, ({ source, train, test }) => {
    const names = Array.from({ length: source.classes }, (_, label) => String(label))
    return ofImages(`images and labels as in ${source.name}`, { train, test }, names)
  })
}

function ofImages(
  kind: string,
  parts: Readonly<Record<string, Images>>,
  names: readonly string[],
): DataDescription {
  const all = Object.values(parts)
  const counts = (label: number): readonly number[] =>
    all.map(({ labels }) => labels.filter((other) => other === label).length)
  const [first] = all
  return {
    kind,
    facts: first === undefined ? [] : [`images of ${describeShape(first)}`],
    parts: Object.fromEntries(Object.entries(parts).map(([name, { count }]) => [name, count])),
    classes: Object.fromEntries(names.map((name, label) => [name, counts(label)])),
    ...(first !== undefined && {
      samples: (count: number) =>
        Promise.resolve({ ok: true, value: someImages(first, count) } as const),
    }),
  }
}

const describeShape = ({ height, width, channels }: ImageShape): string =>
  `${height}x${width}x${channels}`

function someImages(images: Images, count: number): Images {
  const size = imageSize(images)
  const chosen = spread(images.count, count)
  const pixels = new Uint8Array(chosen.length * size)
  for (const [place, index] of chosen.entries())
    pixels.set(images.pixels.subarray(index * size, (index + 1) * size), place * size)
  const labels = Uint8Array.from(chosen, (index) => images.labels[index]!)
  return { ...images, count: chosen.length, pixels, labels }
}

/** Up to `count` positions of `total`, evenly spread. */
function spread(total: number, count: number): readonly number[] {
  const length = Math.min(total, count)
  return Array.from({ length }, (_, index) => Math.floor((index * total) / length))
}

async function describeImage(path: string): Promise<DataResult<DataDescription>> {
  const decoder = await loadDecoder(path)
  if (!decoder.ok) return decoder
  return mapResult(await decoder.value.header(path), (header) => ({
    kind: `image (${header.format})`,
    facts: [describeShape(header)],
  }))
}

/** Side of a picture of an image whose files have their own sizes. */
const SAMPLE_SIDE = 64

/** A folder of image files: the layout of a known set, or one folder a class. */
async function describeImageFiles(path: string): Promise<DataResult<DataDescription>> {
  const set = recognizeImageSet(path)
  const listed =
    set === undefined
      ? listImageFolder(path, 'put the images of each class in a folder of its own')
      : listImageSet(set, path, 1)
  if (!listed.ok) return listed
  const listing = listed.value
  const sizes = await sizesOf(listing)
  if (!sizes.ok) return sizes
  const kept = PARTS.filter((part) => listing[part].length > 0)
  const counts = kept.map((part) => countClasses(listing, part))
  const shape = { height: SAMPLE_SIDE, width: SAMPLE_SIDE, channels: 3 }
  return {
    ok: true,
    value: {
      kind: set === undefined ? 'images by class' : `images as in ${set.name}`,
      facts: [sizes.value],
      parts: Object.fromEntries(kept.map((part) => [part, listing[part].length])),
      classes: Object.fromEntries(
        listing.classes.map((name, label) => [name, counts.map((count) => count[label]!)]),
      ),
      samples: (count) => {
        const chosen = spread(listing.train.length, count).map((index) => listing.train[index]!)
        return loadImages({ ...listing, train: chosen }, 'train', shape)
      },
    },
  }
}

/** The range of sizes of the first image of each class. */
async function sizesOf(listing: ImageListing): Promise<DataResult<string>> {
  const firsts = listing.classes.flatMap(
    (_, label) => listing.train.find((image) => image.label === label) ?? [],
  )
  const decoder = await loadDecoder(listing.root)
  if (!decoder.ok) return decoder
  const shapes: ImageShape[] = []
  for (const { path } of firsts) {
    const header = await decoder.value.header(join(listing.root, path))
    if (!header.ok) return header
    shapes.push(header.value)
  }
  const range = (of: (shape: ImageShape) => number): string => {
    const values = shapes.map(of)
    const [low, high] = [Math.min(...values), Math.max(...values)]
    return low === high ? String(low) : `${low}-${high}`
  }
  const size = [
    range(({ height }) => height),
    range(({ width }) => width),
    range(({ channels }) => channels),
  ].join('x')
  return { ok: true, value: `images of ${size}, in the first of each class` }
}

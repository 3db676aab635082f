import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readIdx, type DataProblem, type DataResult } from './idx.ts'
import { packageRoot } from './package-root.ts'

/** A set of labelled images, one byte for each channel of a pixel. */
export interface Images {
  readonly count: number
  readonly height: number
  readonly width: number
  /** 1 for grey images, 3 for red, green and blue. */
  readonly channels: number
  /** `count * height * width * channels` bytes, the channels of a pixel side by side. */
  readonly pixels: Uint8Array
  /** `count` class numbers. */
  readonly labels: Uint8Array
}

/** A training file and a test file of the same kind of images. */
export interface DataSet {
  readonly source: DataSource
  readonly directory: string
  readonly train: Images
  readonly test: Images
}

/** Where a data set comes from: one row of {@link DATA_SOURCES}. */
export interface DataSource {
  readonly name: string
  readonly summary: string
  readonly classes: number
  /** The expected image height and width, in pixels. */
  readonly height: number
  readonly width: number
  /** Folders searched when none is given, best first. */
  readonly directories: () => readonly string[]
  /** How to get it. */
  readonly remedy: string
}

/** The data sets there are. */
export const DATA_SOURCES: readonly DataSource[] = [
  {
    name: 'fashion14',
    summary: 'the first 12,000 + 2,000 images of Fashion-MNIST at 14x14, carried with optc',
    classes: 10,
    height: 14,
    width: 14,
    directories: () => [join(packageRoot(), 'src/tasks/data/fashion14')],
    remedy: 'optc carries these files; install it again to get them back',
  },
  {
    name: 'fashion-mnist',
    summary: '60,000 + 10,000 images of clothes at 28x28 (Zalando Research)',
    classes: 10,
    height: 28,
    width: 28,
    directories: () => ['/usr/share/datasets/fashion-mnist'],
    remedy:
      'apt-get install dataset-fashion-mnist (Debian, Ubuntu), or take the four files from https://github.com/zalandoresearch/fashion-mnist and give their folder with --data DIR',
  },
  {
    name: 'mnist',
    summary: '60,000 + 10,000 handwritten digits at 28x28 (LeCun, Cortes and Burges)',
    classes: 10,
    height: 28,
    width: 28,
    directories: () => ['/usr/share/datasets/mnist'],
    remedy:
      'take the four files from https://storage.googleapis.com/cvdf-datasets/mnist/ and give their folder with --data DIR',
  },
]

/** The files of a data set, without the `.gz` they may end in. */
export const DATA_FILES = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
} as const

/** The row of {@link DATA_SOURCES} with that name. */
export function findDataSource(name: string): DataSource | undefined {
  return DATA_SOURCES.find((source) => source.name === name)
}

/** The first folder that holds the first file of `source`: `directory` alone when given, else the usual places. */
export function locateData(source: DataSource, directory?: string): DataResult<string> {
  const places = directory === undefined ? source.directories() : [directory]
  const found = places.find((place) => existsSync(filePath(place, DATA_FILES.trainImages)))
  if (found !== undefined) return { ok: true, value: found }
  return {
    ok: false,
    problem: {
      path: places.join(' or '),
      problem: `holds no ${DATA_FILES.trainImages} (.gz)`,
      expected: `the data set ${source.name}: ${Object.values(DATA_FILES).join(', ')}, each plain or .gz`,
      remedy: source.remedy,
    },
  }
}

/** Reads the data set `source` from `directory`, or from where it usually is; checks sizes, counts and labels. */
export function loadData(source: DataSource, directory?: string): DataResult<DataSet> {
  const place = locateData(source, directory)
  if (!place.ok) return place
  const train = readPair(source, place.value, DATA_FILES.trainImages, DATA_FILES.trainLabels)
  if (!train.ok) return train
  const test = readPair(source, place.value, DATA_FILES.testImages, DATA_FILES.testLabels)
  if (!test.ok) return test
  return {
    ok: true,
    value: { source, directory: place.value, train: train.value, test: test.value },
  }
}

/** The problem as lines for a person: the file and what is wrong, what was expected, how to get it. */
export function describeDataProblem(problem: DataProblem): readonly string[] {
  return [
    `${problem.path} ${problem.problem}`,
    `expected: ${problem.expected}`,
    `to get it: ${problem.remedy}`,
  ]
}

function filePath(directory: string, name: string): string {
  const plain = join(directory, name)
  return existsSync(plain) ? plain : `${plain}.gz`
}

function readPair(
  source: DataSource,
  directory: string,
  imagesName: string,
  labelsName: string,
): DataResult<Images> {
  const imagesPath = filePath(directory, imagesName)
  const labelsPath = filePath(directory, labelsName)
  const images = readIdx(imagesPath, 3, source.remedy)
  if (!images.ok) return images
  const labels = readIdx(labelsPath, 1, source.remedy)
  if (!labels.ok) return labels
  const [count = 0, height = 0, width = 0] = images.value.shape
  const fail = (path: string, problem: string, expected: string): DataResult<Images> => ({
    ok: false,
    problem: { path, problem, expected, remedy: source.remedy },
  })
  if (height !== source.height || width !== source.width)
    return fail(
      imagesPath,
      `holds images of ${height}x${width}`,
      `images of ${source.height}x${source.width} for ${source.name}`,
    )
  if (count === 0) return fail(imagesPath, 'holds no images', 'at least one image')
  if (labels.value.values.length !== count)
    return fail(
      labelsPath,
      `holds ${labels.value.values.length} labels`,
      `${count} labels, one for each image of ${imagesPath}`,
    )
  const wrong = labels.value.values.findIndex((label) => label >= source.classes)
  if (wrong >= 0)
    return fail(
      labelsPath,
      `has label ${labels.value.values[wrong]} at position ${wrong}`,
      `labels from 0 to ${source.classes - 1}`,
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

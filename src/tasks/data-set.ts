import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CIFAR100_FILES, CIFAR_FILES, readCifarPart, type CifarLayout } from './cifar-files.ts'
import { dataFilePath, type DataProblem, type DataResult } from './data-file.ts'
import type { ExpectedImages, ImagesInMemory } from './images.ts'
import { readMnistPart } from './mnist-files.ts'
import { MNIST_FILES } from './mnist-images.ts'
import { packageRoot } from './package-root.ts'
import { FASHION14 } from './fashion14-images.ts'

/** Images to train on and images to test with, of the same kind. */
export interface DataSet {
  readonly source: DataSource
  readonly directory: string
  readonly train: ImagesInMemory
  readonly test: ImagesInMemory
}

/** Where a data set comes from: one row of {@link DATA_SOURCES}. */
export interface DataSource extends ExpectedImages {
  readonly summary: string
  readonly format: DataFormat
  /** How many of the training images validate, the last ones of their file. */
  readonly validation: number
  /** Folders searched when none is given, best first. */
  readonly directories: () => readonly string[]
}

/** How files hold images. */
export interface DataFormat {
  /** Names of all files, without the `.gz` they may end in. */
  readonly files: readonly string[]
  readonly read: (
    expected: ExpectedImages,
    directory: string,
    part: 'train' | 'test',
  ) => DataResult<ImagesInMemory>
}

const mnistFormat: DataFormat = { files: Object.values(MNIST_FILES), read: readMnistPart }
const cifarFormat = (layout: CifarLayout): DataFormat => ({
  files: [...layout.train, ...layout.test],
  read: (expected, directory, part) => readCifarPart(layout, expected, directory, part),
})

const CARRIED = 'optc carries these files; install it again to get them back'

/** The data sets there are. */
export const DATA_SOURCES: readonly DataSource[] = [
  {
    ...FASHION14,
    format: mnistFormat,
    directories: () => [join(packageRoot(), 'src/tasks/data/fashion14')],
    remedy: CARRIED,
  },
  {
    name: 'digits8',
    summary: '1,437 + 360 handwritten digits at 8x8 (Alpaydin and Kaynak), carried with optc',
    format: mnistFormat,
    validation: 237,
    classes: 10,
    height: 8,
    width: 8,
    channels: 1,
    directories: () => [join(packageRoot(), 'src/tasks/data/digits8')],
    remedy: CARRIED,
  },
  {
    name: 'fashion-mnist',
    summary: '60,000 + 10,000 images of clothes at 28x28 (Zalando Research)',
    format: mnistFormat,
    validation: 5000,
    classes: 10,
    height: 28,
    width: 28,
    channels: 1,
    directories: () => ['/usr/share/datasets/fashion-mnist'],
    remedy:
      'apt-get install dataset-fashion-mnist (Debian, Ubuntu), or take the four files from https://github.com/zalandoresearch/fashion-mnist and give their folder with --data DIR',
  },
  {
    name: 'mnist',
    summary: '60,000 + 10,000 handwritten digits at 28x28 (LeCun, Cortes and Burges)',
    format: mnistFormat,
    validation: 5000,
    classes: 10,
    height: 28,
    width: 28,
    channels: 1,
    directories: () => ['/usr/share/datasets/mnist'],
    remedy:
      'take the four files from https://storage.googleapis.com/cvdf-datasets/mnist/ and give their folder with --data DIR',
  },
  {
    name: 'cifar10',
    summary: '50,000 + 10,000 small colour photographs at 32x32 (Krizhevsky)',
    format: cifarFormat(CIFAR_FILES),
    validation: 5000,
    classes: 10,
    height: 32,
    width: 32,
    channels: 3,
    directories: () => ['/usr/share/datasets/cifar-10-batches-bin'],
    remedy:
      'take the binary version, cifar-10-binary.tar.gz, from https://www.cs.toronto.edu/~kriz/cifar.html, unpack it and give the folder cifar-10-batches-bin with --data DIR',
  },
  {
    name: 'cifar100',
    summary: '50,000 + 10,000 small colour photographs of 100 classes at 32x32 (Krizhevsky)',
    format: cifarFormat(CIFAR100_FILES),
    validation: 5000,
    classes: 100,
    height: 32,
    width: 32,
    channels: 3,
    directories: () => ['/usr/share/datasets/cifar-100-binary'],
    remedy:
      'take the binary version, cifar-100-binary.tar.gz, from https://www.cs.toronto.edu/~kriz/cifar.html, unpack it and give the folder cifar-100-binary with --data DIR',
  },
]

/** The row of {@link DATA_SOURCES} with that name. */
export function findDataSource(name: string): DataSource | undefined {
  return DATA_SOURCES.find((source) => source.name === name)
}

/** The first folder that holds the first file of `source`: `directory` alone when given, else the usual places. */
export function locateData(source: DataSource, directory?: string): DataResult<string> {
  const places = directory === undefined ? source.directories() : [directory]
  const { files } = source.format
  const found = places.find((place) => existsSync(dataFilePath(place, files[0]!)))
  if (found !== undefined) return { ok: true, value: found }
  return {
    ok: false,
    problem: {
      path: places.join(' or '),
      problem: `holds no ${files[0]} (.gz)`,
      expected: `the data set ${source.name}: ${files.join(', ')}, each plain or .gz`,
      remedy: source.remedy,
    },
  }
}

/** Reads the data set `source` from `directory`, or from where it usually is; checks sizes, counts and labels. */
export function loadData(source: DataSource, directory?: string): DataResult<DataSet> {
  const place = locateData(source, directory)
  if (!place.ok) return place
  const train = source.format.read(source, place.value, 'train')
  if (!train.ok) return train
  const test = source.format.read(source, place.value, 'test')
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

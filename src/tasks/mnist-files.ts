import { dataFilePath, readDataFile, type DataResult } from './data-file.ts'
import type { ExpectedImages, ImagesInMemory } from './images.ts'
import { decodeMnistPart, MNIST_FILES, type MnistFile } from './mnist-images.ts'

/** Reads the grey images of one part, `train` or `test`, from a folder with the {@link MNIST_FILES}. */
export function readMnistPart(
  expected: ExpectedImages,
  directory: string,
  part: 'train' | 'test',
): DataResult<ImagesInMemory> {
  const read = (name: string): MnistFile => {
    const path = dataFilePath(directory, name)
    return { path, bytes: readDataFile(path) }
  }
  return decodeMnistPart(expected, {
    images: read(MNIST_FILES[`${part}Images`]),
    labels: read(MNIST_FILES[`${part}Labels`]),
  })
}

import type { DataResult } from '../../../tasks/data-file.ts'
import { classificationOf, openedWith, type ImageTaskRow } from '../../../tasks/image-problem.ts'
import { splitImages, type ImageSplits } from '../../../tasks/image-splits.ts'
import type { ImagesInMemory } from '../../../tasks/images.ts'
import { decodeMnistPart, MNIST_FILES, type MnistFile } from '../../../tasks/mnist-images.ts'
import type { TensorTask } from '../../../tasks/open-task.ts'
import { FASHION14 } from '../../../tasks/fashion14-images.ts'
import { FASHION14_CNN, FASHION14_MLP } from '../../../tasks/task-tables/fashion14.ts'

/** The tasks on the images that the page carries. */
export const TRAINING_TASKS: readonly ImageTaskRow[] = [FASHION14_MLP, FASHION14_CNN]

/** Gives the bytes of a file of the page's folder `data/fashion14`, decompressed, or in words why there are none. */
export type ReadFile = (name: string) => Promise<Uint8Array | string>

const REMEDY = 'reload the page; if that changes nothing, build it again'

let images: ImageSplits | undefined

/** A task with its images, which are read once. Rejects with what is wrong with them. */
export async function openCarried(row: ImageTaskRow, read: ReadFile): Promise<TensorTask> {
  images ??= await readImages(read)
  const task = classificationOf(
    row,
    FASHION14,
    FASHION14.classes,
    (own) => () => Promise.resolve({ ok: true, value: openedWith(own, images!) }),
  )
  return openedWith(task, images)
}

async function readImages(read: ReadFile): Promise<ImageSplits> {
  const file = async (name: string): Promise<MnistFile> => ({ path: name, bytes: await read(name) })
  const part = async (which: 'train' | 'test'): Promise<ImagesInMemory> =>
    valueOf(
      decodeMnistPart(
        { ...FASHION14, remedy: REMEDY },
        {
          images: await file(MNIST_FILES[`${which}Images`]),
          labels: await file(MNIST_FILES[`${which}Labels`]),
        },
      ),
    )
  const { classes, validation } = FASHION14
  return splitImages({ train: await part('train'), test: await part('test'), classes }, validation)
}

function valueOf<T>(result: DataResult<T>): T {
  if (result.ok) return result.value
  const { path, problem, remedy } = result.problem
  throw new Error(`${path} ${problem}; ${remedy}`)
}

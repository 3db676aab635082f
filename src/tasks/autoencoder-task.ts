import { openedExamples, type ExampleTask } from './example-task.ts'
import type { Examples, ExampleSets } from './examples.ts'
import { findImageData, loadImageData } from './image-data.ts'
import { imageExamples } from './image-problem.ts'
import type { ImageSplits } from './image-splits.ts'
import { sizeOf } from './networks/layer-kind.ts'
import { networkWork, widened } from './networks/networks.ts'
import { OBJECTIVES } from './networks/objectives/table.ts'
import { rootKey } from '../operators/random.ts'

/** Tell images by themselves, through few numbers. */
export type AutoencoderRow = Pick<ExampleTask, 'name' | 'summary' | 'defaults' | 'network'> & {
  readonly data: string
}

/** The row of an autoencoder: the mean squared error of pixels, each channel scaled to deviation 1. Images are never changed. */
export function autoencoderTask(row: AutoencoderRow): ExampleTask {
  const data = findImageData(row.data)
  if (data === undefined) throw new Error(`task ${row.name} names no data set: ${row.data}`)
  const { height, width: columns, channels } = data.shape
  const input = [height, columns, channels]
  const ends = { input, outputs: sizeOf(input) }
  const objective = OBJECTIVES.regression
  const task: ExampleTask = {
    ...row,
    group: 'images',
    objective,
    ...(objective.metric && { metric: objective.metric }),
    examples: 'images',
    isFunction: false,
    work: (width) =>
      networkWork(width === undefined ? task.network : widened(task.network, width), ends),
    open: async (options) => {
      const images = await loadImageData(data, options)
      return images.ok
        ? { ok: true, value: openedExamples(task, autoencoderExamples(images.value)) }
        : images
    },
  }
  return task
}

/** Images whose answers are their own pixels, scaled. */
export function autoencoderExamples(images: ImageSplits): ExampleSets {
  // Nothing is drawn where images are not changed.
  const sets = imageExamples(images, { key: rootKey(0) })
  const size = sizeOf(sets.input)
  const told = (examples: Examples): Examples => ({
    ...examples,
    answers: (indices) => {
      const values = new Float32Array(indices.length * size)
      examples.write?.(indices, values, 0)
      return values
    },
  })
  return {
    input: sets.input,
    outputs: size,
    train: told(sets.train),
    validation: told(sets.validation),
    test: told(sets.test),
  }
}

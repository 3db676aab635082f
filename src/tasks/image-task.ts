import * as tf from '@tensorflow/tfjs-core'
import { imageChanges, writeChanged } from './augmentation.ts'
import { loadDataSet } from './data-set-images.ts'
import { findDataSource } from './data-set.ts'
import type { Examples, ExampleSets } from './examples.ts'
import { pixelScale, type ImageSplits } from './image-splits.ts'
import { imageSize, type Images } from './images.ts'
import { networkProblem } from './network-problem.ts'
import type { Network } from './networks/network.ts'
import { networkWork, widened } from './networks/networks.ts'
import { OBJECTIVES } from './networks/objectives/table.ts'
import type { OpenTask, StartOptions, Task } from './open-task.ts'

const { classification } = OBJECTIVES

/** Classify images. */
export interface ImageTask extends Task {
  readonly data: string
  readonly network: Network
  /** How many of the training images, the last ones of their file, are the validation set. */
  readonly validationCount: number
}

/** The row of a classification of images. */
export function imageTask(
  row: Omit<ImageTask, 'metric' | 'chance' | 'examples' | 'isFunction' | 'work' | 'open'>,
): ImageTask {
  const source = findDataSource(row.data)
  if (source === undefined) throw new Error(`task ${row.name} names no data set: ${row.data}`)
  const { classes, height, width: columns, channels } = source
  const ends = { input: [height, columns, channels], outputs: classes }
  const task: ImageTask = {
    ...row,
    metric: classification.metric!,
    chance: classification.chance!(classes),
    examples: 'images',
    isFunction: false,
    work: (width) =>
      networkWork(width === undefined ? task.network : widened(task.network, width), ends),
    open: async (options) => {
      const images = await loadDataSet(source, task.validationCount, options)
      return images.ok ? { ok: true, value: openedWith(task, images.value) } : images
    },
  }
  return task
}

/** A classification whose images are in memory. */
export interface OpenImageTask extends OpenTask {
  readonly task: ImageTask
  readonly images: ImageSplits
}

/** `task` on images that are in memory. */
export function openedWith(task: ImageTask, images: ImageSplits): OpenImageTask {
  return {
    task,
    images,
    start: (options) =>
      networkProblem(task.network, classification, imageExamples(images, options), options),
    widened: (width) => openedWith({ ...task, network: widened(task.network, width) }, images),
  }
}

/** Images as examples, each byte scaled; those trained on are changed by `augmentation` when there is one. */
export function imageExamples(
  images: ImageSplits,
  { augmentation, key }: Pick<StartOptions, 'augmentation' | 'key'>,
): ExampleSets {
  const { train, classes: outputs } = images
  const { height, width, channels } = train
  const shape = { height, width, channels }
  const scale = pixelScale(images)
  const examplesOf = (of: Images): Examples => ({
    count: of.count,
    inputs: (indices) => imageTensor(of, indices, scale),
    answers: (indices) => indices.map((index) => of.labels[index]!),
  })
  const sets = {
    input: [height, width, channels],
    outputs,
    train: examplesOf(train),
    validation: examplesOf(images.validation),
    test: examplesOf(images.test),
  }
  if (augmentation === undefined) return sets
  const changes = imageChanges(augmentation, shape, key)
  const size = imageSize(shape)
  const changed = (indices: readonly number[], step: number): tf.Tensor4D => {
    const values = new Float32Array(indices.length * size)
    for (const [position, index] of indices.entries())
      writeChanged(
        { pixels: train.pixels, start: index * size, shape, scale },
        { values, start: position * size },
        augmentation,
        changes(step, position),
      )
    return tf.tensor4d(values, [indices.length, height, width, channels])
  }
  return { ...sets, train: { ...sets.train, changed } }
}

/** The chosen images as [count, height, width, channels], each byte scaled by `scale`. */
function imageTensor(images: Images, indices: readonly number[], scale: Float32Array): tf.Tensor4D {
  const { height, width, channels, pixels } = images
  const size = imageSize(images)
  const values = new Float32Array(indices.length * size)
  for (const [position, index] of indices.entries())
    for (let channel = 0; channel < channels; channel++)
      for (let offset = channel; offset < size; offset += channels)
        values[position * size + offset] = scale[channel * 256 + pixels[index * size + offset]!]!
  return tf.tensor4d(values, [indices.length, height, width, channels])
}

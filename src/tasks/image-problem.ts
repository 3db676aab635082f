import * as tf from '@tensorflow/tfjs-core'
import { imageChanges, writeChanged } from './augmentation.ts'
import type { Examples, ExampleSets } from './examples.ts'
import { pixelScale, type ImageSplits } from './image-splits.ts'
import { imageBytes, imageSize, type Images, type ImageShape } from './images.ts'
import { networkProblem } from './network-problem.ts'
import { fineTuningOf } from './networks/fine-tuning.ts'
import type { FineTuning } from './networks/match-weights.ts'
import type { Network } from './networks/network.ts'
import { networkWork, widened } from './networks/networks.ts'
import { OBJECTIVES } from './networks/objectives/table.ts'
import type { StartOptions, Task, TensorTask } from './open-task.ts'

const { classification } = OBJECTIVES

/** Classify images. */
export interface ImageTask extends Task<TensorTask> {
  readonly data: string
  readonly network: Network
  /** Height and width that images are decoded to; those of the data set when absent. */
  readonly size?: number
}

/** What is said of a classification of images. */
export type ImageTaskRow = Omit<
  ImageTask,
  'metric' | 'chance' | 'examples' | 'isFunction' | 'work' | 'open'
>

/** The task of a row whose images have that shape and so many classes; `open` gives them. */
export function classificationOf(
  row: ImageTaskRow,
  { height, width, channels }: ImageShape,
  classes: number,
  open: (task: ImageTask) => Task<TensorTask>['open'],
): ImageTask {
  const ends = { input: [height, width, channels], outputs: classes }
  const task: ImageTask = {
    group: 'images',
    ...row,
    metric: classification.metric!,
    chance: classification.chance!(classes),
    examples: 'images',
    isFunction: false,
    work: (base) =>
      networkWork(base === undefined ? task.network : widened(task.network, base), ends),
    open: (options) => open(task)(options),
  }
  return task
}

/** A classification whose images are in memory. */
export interface OpenImageTask extends TensorTask {
  readonly task: ImageTask
  readonly images: ImageSplits
}

/** `task` on images that are in memory. */
export function openedWith(
  task: ImageTask,
  images: ImageSplits,
  tuning?: FineTuning,
): OpenImageTask {
  const { height, width, channels } = images.train
  const ends = { input: [height, width, channels], outputs: images.classes }
  return {
    task,
    images,
    start: (options) =>
      networkProblem(task.network, classification, imageExamples(images, options), options, tuning),
    widened: (width) => openedWith({ ...task, network: widened(task.network, width) }, images),
    fineTuned: (wish) => {
      const tuned = fineTuningOf(task.network, ends, classification, wish)
      if (!tuned.ok) return tuned
      return {
        ok: true,
        value: { task: openedWith(task, images, tuned.value), tuning: tuned.value },
      }
    },
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
    write: (indices, values) => writeImages(of, indices, scale, values),
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
  const write = (indices: readonly number[], values: Float32Array, step: number): void => {
    for (const [position, index] of indices.entries())
      writeChanged(
        { pixels: imageBytes(train, index), start: 0, shape, scale },
        { values, start: position * size },
        augmentation,
        changes(step, position),
      )
  }
  const changed = (indices: readonly number[], step: number): tf.Tensor4D => {
    const values = new Float32Array(indices.length * size)
    write(indices, values, step)
    return tf.tensor4d(values, [indices.length, height, width, channels])
  }
  return { ...sets, train: { ...sets.train, write, changed } }
}

/** The chosen images as [count, height, width, channels], each byte scaled by `scale`. */
function imageTensor(images: Images, indices: readonly number[], scale: Float32Array): tf.Tensor4D {
  const { height, width, channels } = images
  const values = new Float32Array(indices.length * imageSize(images))
  writeImages(images, indices, scale, values)
  return tf.tensor4d(values, [indices.length, height, width, channels])
}

/** The same numbers, written to `values`. */
function writeImages(
  images: Images,
  indices: readonly number[],
  scale: Float32Array,
  values: Float32Array,
): void {
  const { channels, pixels: all } = images
  const size = imageSize(images)
  // A view of every image would take longer than a small image.
  const inMemory = all instanceof Uint8Array ? all : undefined
  for (let position = 0; position < indices.length; position++) {
    const index = indices[position]!
    const pixels = inMemory ?? imageBytes(images, index)
    const start = inMemory === undefined ? 0 : index * size
    const to = position * size
    for (let channel = 0; channel < channels; channel++) {
      const row = 256 * channel
      for (let offset = channel; offset < size; offset += channels)
        values[to + offset] = scale[row + pixels[start + offset]!]!
    }
  }
}

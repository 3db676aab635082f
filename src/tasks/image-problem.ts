import * as tf from '@tensorflow/tfjs-core'
import { childKey, createRandom } from '../operators/random.ts'
import { imageChanges, writeChanged } from './augmentation.ts'
import { findDataSource, loadData } from './data-set.ts'
import { pixelScale, splitImages, type ImageSplits } from './image-splits.ts'
import { imageSize, type Images } from './images.ts'
import { ACCURACY } from './metric.ts'
import { widened, type Network } from './network-shape.ts'
import { buildNetwork, type NetworkModel } from './network.ts'
import type { OpenTask, StartOptions, Task } from './open-task.ts'
import type { Problem, Score } from './problem.ts'
import { networkWork } from './work.ts'

/** Images evaluated at a time; the result does not depend on it but for rounding. */
const EVALUATION_BATCH = 500

/** Training images that moving averages are taken of for weights that were not trained at. */
const CALIBRATION_BATCH = 1000

/** Classify images. */
export interface ImageTask extends Task {
  readonly data: string
  readonly network: Network
  /** How many of the training file's images, its last ones, are the validation set. */
  readonly validationCount: number
}

/** The row of a classification of images. */
export function imageTask(
  row: Omit<ImageTask, 'metric' | 'chance' | 'examples' | 'isFunction' | 'work' | 'open'>,
): ImageTask {
  const source = findDataSource(row.data)
  if (source === undefined) throw new Error(`task ${row.name} names no data set: ${row.data}`)
  const task: ImageTask = {
    ...row,
    metric: ACCURACY,
    chance: 1 / source.classes,
    examples: 'images',
    isFunction: false,
    work: (width) => {
      const { network } = task
      return networkWork(width === undefined ? network : widened(network, width), source)
    },
    open: (directory) => {
      const data = loadData(source, directory)
      if (!data.ok) return data
      return { ok: true, value: openedWith(task, splitImages(data.value, task.validationCount)) }
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
    start: (options) => imageProblem(task.network, images, options),
    widened: (width) => openedWith({ ...task, network: widened(task.network, width) }, images),
  }
}

/**
 * Trains `network`; each epoch is a new permutation of the training part, its incomplete last batch left out, each
 * image changed by `augmentation` when there is one.
 */
function imageProblem(
  network: Network,
  images: ImageSplits,
  { batchSize: wantedBatchSize, key, augmentation }: StartOptions,
): Problem {
  const { height, width, channels } = images.train
  const shape = { height, width, channels }
  const model = buildNetwork(network, { ...shape, classes: images.classes }, key)
  const scale = pixelScale(images)
  const changes = augmentation && imageChanges(augmentation, shape, key)
  const batchSize = Math.min(wantedBatchSize, images.train.count)
  const batches = Math.floor(images.train.count / batchSize)
  const order = range(0, images.train.count)
  let shuffledFor = -1
  let shuffled: readonly number[] = order

  const chosen = (step: number): readonly number[] => {
    const epoch = Math.floor(step / batches)
    if (epoch !== shuffledFor) {
      shuffled = createRandom(childKey(key, 'shuffle', epoch)).shuffle(order)
      shuffledFor = epoch
    }
    const start = (step % batches) * batchSize
    return shuffled.slice(start, start + batchSize)
  }

  const trainingTensor = (indices: readonly number[], step: number): tf.Tensor4D => {
    if (augmentation === undefined || changes === undefined)
      return imageTensor(images.train, indices, scale)
    const size = imageSize(shape)
    const values = new Float32Array(indices.length * size)
    for (const [position, index] of indices.entries())
      writeChanged(
        { pixels: images.train.pixels, start: index * size, shape, scale },
        { values, start: position * size },
        augmentation,
        changes(step, position),
      )
    return tf.tensor4d(values, [indices.length, height, width, channels])
  }

  const evaluate = (of: Images): Promise<Score> => scoreImages(model, of, scale, images.classes)

  return {
    batchSize,
    parameters: model.layers.flatMap((layer) => layer.parameters),
    step: async (step) => {
      const indices = chosen(step)
      return tf.tidy(() =>
        model.step(
          trainingTensor(indices, step),
          labelTensor(images.train, indices, images.classes),
          step,
        ),
      )
    },
    evaluate: (part) => evaluate(images[part]),
    evaluateElsewhere: async (part) => {
      const some = imageTensor(images.train, order.slice(0, CALIBRATION_BATCH), scale)
      try {
        return await model.withAveragesOf(some, () => evaluate(images[part]))
      } finally {
        some.dispose()
      }
    },
    dispose: () => model.dispose(),
  }
}

/** The score of the model's present weights on all the images, each byte scaled by `scale`. */
async function scoreImages(
  model: NetworkModel,
  of: Images,
  scale: Float32Array,
  classes: number,
): Promise<Score> {
  let loss = 0
  let right = 0
  for (let start = 0; start < of.count; start += EVALUATION_BATCH) {
    const indices = range(start, Math.min(of.count, start + EVALUATION_BATCH))
    const scores = tf.tidy(() => model.scores(imageTensor(of, indices, scale)))
    const values = await scores.data<'float32'>()
    scores.dispose()
    const score = scoreRows(
      values,
      indices.map((index) => of.labels[index]!),
      classes,
    )
    loss += score.loss
    right += score.right
  }
  return { loss: loss / of.count, metric: right / of.count }
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, offset) => from + offset)

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

function labelTensor(images: Images, indices: readonly number[], classes: number): tf.Tensor2D {
  const values = new Float32Array(indices.length * classes)
  for (const [row, index] of indices.entries()) values[row * classes + images.labels[index]!] = 1
  return tf.tensor2d(values, [indices.length, classes])
}

/** Summed cross-entropy and count of right rows for scores [rows, classes], in 64 bits. */
function scoreRows(
  scores: Float32Array,
  labels: readonly number[],
  classes: number,
): { readonly loss: number; readonly right: number } {
  let loss = 0
  let right = 0
  for (const [row, label] of labels.entries()) {
    const values = scores.subarray(row * classes, (row + 1) * classes)
    let best = 0
    for (let index = 1; index < classes; index++) if (values[index]! > values[best]!) best = index
    const top = values[best]!
    let total = 0
    for (const value of values) total += Math.exp(value - top)
    loss += Math.log(total) + top - values[label]!
    if (best === label) right += 1
  }
  return { loss, right }
}

import type { DataSet } from './data-set.ts'
import { imageSize, type Images } from './images.ts'

/** The three parts of an image data set, and the scaling its training part gives. */
export interface ImageSplits {
  readonly train: Images
  readonly validation: Images
  readonly test: Images
  readonly classes: number
  /** Mean and standard deviation of the training part's pixels in each channel, of 255. */
  readonly means: readonly number[]
  readonly deviations: readonly number[]
}

/** Splits the last `validationCount` images off the training file. Throws a RangeError when no training image is left. */
export function splitImages(data: DataSet, validationCount: number): ImageSplits {
  const trainCount = data.train.count - validationCount
  if (trainCount <= 0)
    throw new RangeError(`${data.train.count} images leave none beside ${validationCount}`)
  return splitsOf({
    train: part(data.train, 0, trainCount),
    validation: part(data.train, trainCount, data.train.count),
    test: data.test,
    classes: data.source.classes,
  })
}

/** Parts with the scaling that the training part gives. */
export function splitsOf(
  parts: Pick<ImageSplits, 'train' | 'validation' | 'test' | 'classes'>,
): ImageSplits {
  const { train } = parts
  const channels = Array.from({ length: train.channels }, (_, channel) => moments(train, channel))
  return {
    ...parts,
    means: channels.map(({ mean }) => mean),
    deviations: channels.map(({ deviation }) => deviation),
  }
}

function moments(
  { pixels, channels }: Images,
  channel: number,
): { readonly mean: number; readonly deviation: number } {
  let sum = 0
  let squares = 0
  for (let index = channel; index < pixels.length; index += channels) {
    const pixel = pixels[index]!
    sum += pixel
    squares += pixel * pixel
  }
  const count = pixels.length / channels
  const mean = sum / count
  return { mean, deviation: Math.sqrt(squares / count - mean * mean) || 1 }
}

function part(images: Images, from: number, to: number): Images {
  const size = imageSize(images)
  return {
    ...images,
    count: to - from,
    pixels: images.pixels.subarray(from * size, to * size),
    labels: images.labels.subarray(from, to),
  }
}

/** What each byte of a channel is scaled to, [channels, 256]: mean 0 and deviation 1 over the training part. */
export function pixelScale({ means, deviations }: ImageSplits): Float32Array {
  return Float32Array.from({ length: means.length * 256 }, (_, index) => {
    const channel = Math.floor(index / 256)
    return ((index % 256) - means[channel]!) / deviations[channel]!
  })
}
